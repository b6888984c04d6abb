package dev.jbuild.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `# syntax=`: what passes, what is worth a word, and what is another language.
class FrontendTest {
    private static final String SHA = "@sha256:2680f21fc8e0d1ab9cb2f9d2a4b6a0ff6ab1c8d4b1f0d2c3e4f5a6b7c8d9e0f1";

    private static Dockerfile parse(String text, @Nullable String override) {
        return DockerfileParser.parse(new Source("Dockerfile", text), override);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "docker/dockerfile",
                "docker/dockerfile:1",
                "docker/dockerfile:1.4",
                "docker/dockerfile:1.20",
                "docker/dockerfile:1.20.3",
                "docker/dockerfile:1.7-labs",
                "docker/dockerfile:1.7.0-rc1-labs",
                "docker/dockerfile:1.0-experimental",
                "docker/dockerfile:experimental",
                "docker/dockerfile:labs",
                "docker/dockerfile:latest",
                "docker/dockerfile:master",
                "docker/dockerfile-upstream:master-labs",
                "docker/dockerfile" + SHA,
                "docker/dockerfile:1" + SHA,
                "docker.io/docker/dockerfile:1",
                "index.docker.io/docker/dockerfile:1",
                "registry.example.com:5000/docker/dockerfile:1.4",
                "mirror.example.com/hub/cache/docker/dockerfile:1 and a command line",
            })
    void passesInSilence(String syntax) {
        assertThat(parse("# syntax=" + syntax + "\nFROM scratch\n", null).warnings())
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "docker/dockerfile:1.21",
                "docker/dockerfile:2",
                "docker/dockerfile:1.99.1-labs",
                "docker/dockerfile:nightly",
            })
    void whatIsNotKnownIsWorthAWord(String syntax) {
        assertThat(parse("# syntax=" + syntax + "\nFROM scratch\n", null).warnings())
                .singleElement()
                .extracting(Diagnostic::message)
                .asString()
                .contains("`syntax=" + syntax + "`", "docker/dockerfile:1.20");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " => ", textBlock = """
            # syntax=dockerfile:1 => dockerfile:1
            # syntax=example/dockerfile => example/dockerfile
            # syntax=docker/dockerfile-lint => docker/dockerfile-lint
            # syntax=xdocker/dockerfile:1 => xdocker/dockerfile:1
            # Syntax = ghcr.io/a/b:1 x y => ghcr.io/a/b:1
            // syntax=a/b => a/b
            {"syntax": "a/b", "x": []} => a/b
            #!/bin/sh;# syntax=a/b => a/b
            # check=skip=all;# syntax=a/b => a/b
            #!/bin/sh;{"x":1,"syntax":"a/b"} => a/b
            """)
    void anotherFrontendIsNotRun(String head, String image) {
        assertThatThrownBy(() -> parse(head.replace(';', '\n') + "\nnot: [a, Dockerfile]\n", null))
                .isInstanceOfSatisfying(DockerfileException.class, e -> {
                    Diagnostic only = e.diagnostics().getFirst();
                    assertThat(e.diagnostics()).hasSize(1);
                    assertThat(only.message()).contains("`syntax=" + image + "`", "frontend images are not run");
                    assertThat(only.hint()).contains("BUILDKIT_SYNTAX=dockerfile.v0");
                    assertThat(e.source().text(only.span())).isEqualTo(image);
                });
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"\n# syntax=a/b\n", "# a comment\n# syntax=a/b\n", "FROM scratch\n# syntax=a/b\n"})
    void aCommentElsewhereIsOne(String head) {
        assertThat(parse(head + "FROM scratch\n", null).warnings()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"dockerfile.v0", "docker/dockerfile:1.4", " docker/dockerfile:1 x "})
    void theBuildArgumentWins(String override) {
        assertThat(parse("# syntax=a/b\nFROM scratch\n", override).warnings()).isEmpty();
    }

    @Test
    void theBuildArgumentMayAskForTheWrongOneToo() {
        assertThatThrownBy(() -> parse("FROM scratch\n", "a/b:1"))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining("`BUILDKIT_SYNTAX=a/b:1` asks for a frontend image");
        assertThat(parse("# syntax=docker/dockerfile:3\nFROM scratch\n", "").warnings())
                .hasSize(1);
    }
}
