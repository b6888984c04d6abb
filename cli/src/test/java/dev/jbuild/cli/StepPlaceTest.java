package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.source.Source;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepPlaceTest {
    private static final Dockerfile DOCKERFILE = DockerfileParser.parse(new Source("Dockerfile", """
                    FROM one AS Base
                    ENV A=1

                    FROM two
                    RUN --mount=type=tmpfs,target=/t \\
                        make
                    COPY <<EOF /file
                    text
                    EOF
                    FROM base AS last
                    """), null);

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "base   | 1 | FROM one AS Base, ENV A=1, RUN shell | 0",
                "BASE:1 | 1 | FROM one AS Base, RUN shell | 0",
                "1      | 2 | FROM two, RUN --mount=type=tmpfs,target=/t     make, COPY <<EOF /file, RUN shell | 0",
                "1:6    | 2 | FROM two, RUN --mount=type=tmpfs,target=/t     make, RUN shell | 1",
                ":9     | 2 | FROM two, RUN --mount=type=tmpfs,target=/t     make, COPY <<EOF /file, RUN shell | 0",
                "last   | 3 | FROM base AS last, RUN shell | 0",
                "2      | 3 | FROM base AS last, RUN shell | 0",
            })
    void cutsTheDockerfile(String place, int stages, String instructions, int mounts) {
        Dockerfile cut = StepPlace.parse(place).cut(DOCKERFILE);

        assertThat(cut.stages()).hasSize(stages);
        StringBuilder left = new StringBuilder(cut.stages().getLast().from().text());
        for (Instruction each : cut.stages().getLast().instructions()) {
            left.append(", ").append(each.text());
        }
        assertThat(left.toString()).isEqualTo(instructions);
        Instruction last = cut.stages().getLast().instructions().getLast();
        assertThat(last instanceof Run run ? run.mounts() : null).hasSize(mounts);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''      | expected STAGE, STAGE:LINE or :LINE",
                "a:b:1   | expected STAGE, STAGE:LINE or :LINE",
                "base:0  | expected STAGE, STAGE:LINE or :LINE",
                "basr    | there is no build stage \"basr\"; did you mean `base`?",
                "3       | there is no build stage \"3\"; there are base, last",
                "base:3  | there is no instruction of that stage on line 3 of Dockerfile; there are some on lines 1, 2",
                "base:5  | there is no instruction of that stage on line 5 of Dockerfile; there are some on lines 1, 2",
                ":99     | there is no instruction on line 99 of Dockerfile; there are some on lines 1, 2, 4, 5, 7, 10",
            })
    void saysWhatThereIs(String place, String message) {
        assertThatThrownBy(() -> StepPlace.parse(place).cut(DOCKERFILE))
                .isInstanceOf(UsageException.class)
                .hasMessage("--at " + place + ": " + message);
    }
}
