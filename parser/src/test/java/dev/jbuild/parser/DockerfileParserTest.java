package dev.jbuild.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DockerfileParserTest {

    static Stream<Arguments> good() throws IOException {
        return named("ok");
    }

    static Stream<Arguments> bad() throws IOException {
        return named("bad");
    }

    private static Stream<Arguments> named(String folder) throws IOException {
        return Golden.cases(folder).stream()
                .map(path ->
                        Arguments.of(Objects.requireNonNull(path.getFileName()).toString(), path));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void readsWhatIsWritten(String name, Path folder) throws IOException {
        Source source = new Source("Dockerfile", Files.readString(folder.resolve("Dockerfile")));

        Golden.check(folder.resolve("ast.txt"), AstDump.of(DockerfileParser.parse(source)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void saysWhatIsWrong(String name, Path folder) throws IOException {
        Source source = new Source("Dockerfile", Files.readString(folder.resolve("Dockerfile")));

        DockerfileException error =
                catchThrowableOfType(DockerfileException.class, () -> DockerfileParser.parse(source));

        assertThat(error).as("%s is accepted", name).isNotNull();
        StringBuilder report = new StringBuilder();
        for (Diagnostic diagnostic : error.diagnostics()) {
            report.append(source.place(diagnostic.span().start()))
                    .append(": ")
                    .append(diagnostic.message())
                    .append('\n');
            AstDump.excerpt(source, diagnostic)
                    .forEach(line -> report.append("  ").append(line).append('\n'));
            if (diagnostic.hint() != null) {
                report.append("  hint: ").append(diagnostic.hint()).append('\n');
            }
        }
        Golden.check(folder.resolve("error.txt"), report.toString());
    }

    @Test
    void theMessageIsTheFirstFinding() {
        DockerfileException error = catchThrowableOfType(
                DockerfileException.class,
                () -> DockerfileParser.parse(new Source("Dockerfile", "FROM scratch\nRUNN true\nCOPPY a b\n")));

        assertThat(error).hasMessage("Dockerfile:2:1: unknown instruction: `RUNN` (did you mean `RUN`?)");
        assertThat(error.diagnostics()).hasSize(2);
        assertThat(error.source().name()).isEqualTo("Dockerfile");
    }

    @Test
    void aTriggerIsReadLikeAnInstruction() {
        assertThat(DockerfileParser.parseOnBuild("COPY --chown=1 . /app").keyword())
                .isEqualTo("COPY");
        assertThat(DockerfileParser.parseOnBuild("run <<EOF\necho hi\nEOF")
                        .span()
                        .end())
                .isEqualTo(21);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void badTriggers(String trigger, String message) {
        DockerfileException error =
                catchThrowableOfType(DockerfileException.class, () -> DockerfileParser.parseOnBuild(trigger));

        assertThat(error).hasMessageContaining(message);
    }

    static List<Arguments> badTriggers() {
        return List.of(
                Arguments.of("", "exactly one instruction, not 0"),
                Arguments.of("RUN a\nRUN b", "exactly one instruction, not 2"),
                Arguments.of("FROM scratch", "FROM isn't allowed as an ONBUILD trigger"),
                Arguments.of("ONBUILD RUN a", "ONBUILD isn't allowed as an ONBUILD trigger"),
                Arguments.of("RUNN a", "unknown instruction"));
    }
}
