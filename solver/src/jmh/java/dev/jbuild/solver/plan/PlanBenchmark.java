package dev.jbuild.solver.plan;

import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.source.Source;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A Dockerfile of 1,000 lines: 20 stages of 50 lines as people write them, and one that copies from all.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlanBenchmark {
    private static final int STAGES = 20;
    private static final String STAGE = """
            FROM base AS stage%1$d
            # What the stage is for
            ARG VERSION=1.%1$d
            ENV APP_HOME=/srv/app%1$d PATH="$PATH:/srv/app%1$d/bin"
            LABEL org.example.stage="%1$d" org.example.version=$VERSION
            WORKDIR $APP_HOME
            COPY --chown=1000:1000 package.json package-lock.json ./
            RUN --mount=type=cache,target=/root/.npm,sharing=locked \\
                npm ci --omit=dev \\
                && npm cache clean --force
            """;
    private static final String REST = """
            COPY src/part%2$d ./part%2$d
            RUN make -C part%2$d VERSION=${VERSION:-none} all && \\
                make -C part%2$d check
            ENV PART_%2$d=done
            """;

    /// The text.
    final String text = text();

    private static String text() {
        StringBuilder text = new StringBuilder();
        for (int stage = 0; stage < STAGES; stage++) {
            text.append(STAGE.formatted(stage));
            for (int part = 0; part < 10; part++) {
                text.append(REST.formatted(stage, part));
            }
        }
        text.append("FROM base\n");
        for (int stage = 0; stage < STAGES; stage++) {
            text.append("COPY --from=stage%1$d /srv/app%1$d /srv/app%1$d\n".formatted(stage));
        }
        return text.toString();
    }

    /// Reads it.
    @Benchmark
    public Dockerfile parse() {
        return DockerfileParser.parse(new Source("Dockerfile", text));
    }

    /// Reads it and plans its last stage, which needs all others.
    @Benchmark
    public Plan parseAndGraph() throws Exception {
        return Planning.plan(text, List.of(), FakeImages.usual());
    }
}
