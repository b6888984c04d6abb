package dev.jbuild.solver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.jbuild.layerstore.oci.ImageConfig;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Dockerfiles of a size that nobody writes by hand.
class PlanSizeTest {
    private static final int MANY = 10_000;
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static String lines(IntFunction<String> line) {
        return IntStream.range(0, MANY).mapToObj(line).collect(Collectors.joining("\n"));
    }

    private static Plan plan(String dockerfile) {
        return assertTimeoutPreemptively(LIMIT, () -> Planning.plan(dockerfile, List.of(), FakeImages.usual()));
    }

    private static ImageConfig image(Plan plan) {
        return plan.targets().getFirst().config();
    }

    @Test
    void manyInstructionsThatGrowTheConfiguration() {
        Plan plan = plan("FROM base\n"
                + lines(i -> switch (i % 5) {
                    case 0 -> "ENV A" + i + "=${A" + Math.max(0, i - 5) + "}x";
                    case 1 -> "LABEL a" + i + "=b";
                    case 2 -> "EXPOSE " + i;
                    case 3 -> "VOLUME /v" + i;
                    default -> "ONBUILD RUN " + i;
                }));

        assertThat(image(plan).history()).hasSize(MANY);
        assertThat(image(plan).config().env()).hasSize(2 + MANY / 5).endsWith("A9995=" + "x".repeat(MANY / 5));
        assertThat(image(plan).config().onBuild()).hasSize(MANY / 5).startsWith("RUN 4", "RUN 9");
    }

    @Test
    void manyRuns() {
        Plan plan = plan("FROM base\n" + lines(i -> "RUN " + i));

        assertThat(plan.graph().vertices()).hasSize(1 + MANY);
    }

    @Test
    void stagesEachOnTheOneBefore() {
        Plan plan = plan("FROM base AS s0\n" + lines(i -> "FROM s" + i + " AS s" + (i + 1) + "\nRUN " + i));

        assertThat(plan.graph().vertices()).hasSize(1 + MANY);
        assertThat(image(plan).history())
                .hasSize(MANY)
                .first()
                .hasToString(
                        "History[created=null, createdBy=RUN /bin/sh -c 0, author=null, comment=jbuild.dockerfile.v0,"
                                + " emptyLayer=false, place=Dockerfile:3]");
    }

    @Test
    void stagesEachCopyingFromTheOneBefore() {
        Plan plan = plan("FROM base AS s0\nRUN x\n"
                + lines(i -> "FROM base AS s" + (i + 1) + "\nCOPY --from=s" + i + " /a /b" + i));

        assertThat(plan.graph().vertices()).hasSize(2 + MANY);
    }
}
