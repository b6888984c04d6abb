package dev.jbuild.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of a size that nobody writes by hand. What grows faster than the file does not end in time.
class ParserSizeTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    static List<Arguments> files() {
        String line = "x".repeat(65_000);
        return List.of(
                Arguments.of("10,000 instructions", "RUN echo hello\n".repeat(10_000), 10_000),
                Arguments.of("100,000 continued lines", "RUN a \\\n" + "  b \\\n".repeat(100_000) + "c\n", 1),
                Arguments.of("100,000 comments in a continuation", "RUN a \\\n" + "# b\n".repeat(100_000) + "c\n", 1),
                Arguments.of("a line of 65,535 bytes", "RUN " + "y".repeat(65_531) + "\n", 1),
                Arguments.of("100 long lines joined", "RUN " + (line + "\\\n").repeat(100) + "\n", 1),
                Arguments.of("20,000 words", "COPY " + "a ".repeat(20_000) + "/b\n", 1),
                Arguments.of("10,000 variables", "ENV " + "a=1 ".repeat(10_000) + "\n", 1),
                Arguments.of("a here-document of 100,000 lines", "RUN <<E\n" + "body\n".repeat(100_000) + "E\n", 1),
                Arguments.of("5,000 here-documents", "COPY " + "<<E ".repeat(5_000) + "/\n" + "E\n".repeat(5_000), 1),
                Arguments.of("5,000 flags", "RUN " + "--mount=target=a ".repeat(3_000) + "x\n", 1),
                Arguments.of("deep JSON that is none", "RUN " + "[".repeat(60_000) + "\n", 1),
                Arguments.of("many strings", "CMD [" + "\"a\",".repeat(15_000) + "\"b\"]\n", 1),
                Arguments.of("deep substitutions", "RUN <<E " + "${a:-".repeat(12_000) + "\n", 1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void bigFiles(String name, String text, int instructions) {
        Source source = new Source("Dockerfile", "FROM scratch\n" + text);

        Dockerfile file = assertTimeoutPreemptively(LIMIT, () -> DockerfileParser.parse(source));

        assertThat(file.stages().getFirst().instructions()).hasSize(instructions);
    }

    @Test
    void fiveHundredStages() {
        Source source = new Source("Dockerfile", "FROM scratch AS a\nCOPY --from=a a b\n".repeat(500));

        assertThat(DockerfileParser.parse(source).stages()).hasSize(500);
    }

    @Test
    void tenThousandMistakes() {
        Source source = new Source("Dockerfile", "FROM scratch\n" + "RUNN echo\nCOPY --form=a b c\n".repeat(5_000));

        DockerfileException error = assertTimeoutPreemptively(
                LIMIT, () -> catchThrowableOfType(DockerfileException.class, () -> DockerfileParser.parse(source)));

        assertThat(error.diagnostics()).hasSize(10_000);
    }

    @Test
    void aLineMayHave65535BytesAndNotOneMore() {
        String longest = "é".repeat(32_765) + "x";

        Dockerfile file = DockerfileParser.parse(new Source("Dockerfile", "FROM scratch\nRUN " + longest + "\n"));

        assertThat(((Run) file.stages().getFirst().instructions().getFirst()).text())
                .hasSize(32_770);
        assertThat(catchThrowableOfType(
                        DockerfileException.class,
                        () -> DockerfileParser.parse(new Source("Dockerfile", "FROM scratch\nRUN " + longest + "x\n"))))
                .hasMessageContaining("dockerfile line greater than max allowed size of 65535 bytes");
    }
}
