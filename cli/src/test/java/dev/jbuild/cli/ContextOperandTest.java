package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.cli.report.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `PATH` and `-f` are taken for.
class ContextOperandTest {
    @TempDir
    Path directory;

    private String kind(String text) {
        return switch (ContextOperand.of(text, directory)) {
            case ContextOperand.Directory(Path path) -> "directory " + directory.relativize(path);
            case ContextOperand.StandardInput() -> "standard input";
            case ContextOperand.Git(var repository) -> "git " + repository;
            case ContextOperand.Http(var url) -> "http " + url;
        };
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            -                                   | standard input
            app                                 | directory app
            ./-                                 | directory -
            C:/app                              | directory C:/app
            https://example.com/app.git         | git https://example.com/app.git
            https://example.com/app.git#v1:sub  | git https://example.com/app.git#v1:sub
            https://example.com/app.git?tag=v1  | git https://example.com/app.git#refs/tags/v1
            git@example.com:user/app            | git git@example.com:user/app
            git://example.com/app               | git git://example.com/app
            ssh://git@example.com/app           | git ssh://git@example.com/app
            github.com/user/app                 | git https://github.com/user/app.git
            github.com/user/app.git#main        | git https://github.com/user/app.git#main
            github.com/user/app?branch=x        | git https://github.com/user/app.git#refs/heads/x
            https://example.com/app             | http https://example.com/app
            HTTP://example.com/app.tar.gz       | http HTTP://example.com/app.tar.gz
            https://u:secret@example.com/a.tar  | http https://u:xxxxx@example.com/a.tar
            """)
    void kinds(String text, String kind) {
        assertThat(kind(text)).isEqualTo(kind);
    }

    @Test
    void aDirectoryThatIsThereWins() throws IOException {
        Files.createDirectories(directory.resolve("github.com/user/app"));
        assertThat(kind("github.com/user/app")).isEqualTo("directory github.com/user/app");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            ftp://example.com/a.tar             | ftp:// is not supported
            file:///srv/app.git                 | file:// is not supported
            ext::sh -c touch% /tmp/x            | directory
            https://example.com/app.git?x=y     | unexpected query "x"
            https://u:secret@h/app.git?x=y      | the build context https://u:xxxxx@h/app.git?x=y
            git://-oProxyCommand=x/app          | no host
            """)
    void refused(String text, String message) {
        if (message.equals("directory")) {
            assertThat(kind(text)).startsWith(message);
        } else {
            assertThatThrownBy(() -> kind(text))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining(message)
                    .hasMessageNotContaining("secret");
        }
    }

    @ParameterizedTest(name = "-f {0} is {1}")
    @CsvSource(delimiter = '|', textBlock = """
            -                          | StandardInput[]
            ''                         | Usual[]
            docker/Dockerfile          | File[path=docker/Dockerfile]
            https://example.com/x      | Http[url=https://example.com/x]
            """)
    void dockerfiles(String text, String kind) {
        assertThat(DockerfileOption.of(Optional.of(text))).hasToString(kind);
        assertThat(DockerfileOption.of(Optional.empty())).isEqualTo(new DockerfileOption.Usual());
    }
}
