package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.solver.plan.NamedContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `--build-context NAME=SOURCE` is taken for.
class NamedContextsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void layout() throws IOException {
        Files.createDirectories(directory.resolve("layout"));
        Files.writeString(directory.resolve("file"), "");
    }

    private Map<String, NamedContext> parse(String name, String source) {
        return NamedContexts.parse(Map.of(name, source), directory);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            layout                              | Directory[path=DIR/layout]
            docker-image://alpine:3             | Image[reference=alpine:3]
            docker-image://scratch              | Scratch[]
            oci-layout://layout                 | OciLayout[path=DIR/layout, reference=]
            oci-layout://layout:1               | OciLayout[path=DIR/layout, reference=1]
            http://example.com/a.tar            | Http[url=http://example.com/a.tar]
            https://example.com/a.git#b:c       | Git[repository=https://example.com/a.git#b:c]
            git@example.com:a                   | Git[repository=git@example.com:a]
            """)
    void sources(String source, String context) {
        assertThat(parse("x", source).get("x")).hasToString(context.replace("DIR", directory.toString()));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            alpine                              | alpine
            alpine:latest                       | alpine
            docker.io/library/alpine:3          | alpine:3
            example.com/a/b                     | example.com/a/b
            base::linux/amd64                   | base::linux/amd64
            base:latest::linux/x86_64           | base::linux/amd64
            """)
    void names(String written, String name) {
        assertThat(parse(written, "layout")).containsOnlyKeys(name);
    }

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource(delimiter = '|', textBlock = """
            x                 | ''                            | nothing after the "="
            x                 | none                          | none does not exist
            x                 | file                          | file is not a directory
            x                 | target:base                   | known only to a bake file
            x                 | ftp://example.com/a           | expected a directory, docker-image://NAME
            x                 | docker-image://A              | lower-case
            x                 | oci-layout://none             | there is no directory
            x                 | oci-layout://none:1           | there is no directory
            x                 | https://u:secret@h/a.git?b=c  | unexpected query "b"
            Base              | layout                        | try "library/base"
            base::a/b/c/d     | layout                        | --build-context base::a/b/c/d=layout:
            """)
    void refused(String name, String source, String message) {
        assertThatThrownBy(() -> parse(name, source))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--build-context " + name + "=")
                .hasMessageContaining(message)
                .hasMessageNotContaining("secret");
    }
}
