package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.fake.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Several builds at once in one store, which is empty when they begin.
@Timeout(120)
class ConcurrencyIT {
    @TempDir
    Path directory;

    private Jbuild jbuild;
    private List<String> images = List.of();

    @BeforeEach
    void open() throws Exception {
        jbuild = Jbuild.in(directory);
        images = TestImages.contexts("busybox");
    }

    @AfterEach
    void close() {
        jbuild.close();
    }

    /// Builds each of these at the same time, its files into `NAME.tar`.
    private List<PlainLog> atOnce(Path... contexts) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(contexts.length)) {
            List<Future<PlainLog>> builds = new ArrayList<>();
            for (int i = 0; i < contexts.length; i++) {
                Path context = contexts[i];
                List<String> arguments = new ArrayList<>(images);
                arguments.addAll(List.of("-o", "type=tar,dest=" + directory.resolve(i + ".tar")));
                builds.add(threads.submit(() -> jbuild.build(context, arguments)));
            }
            List<PlainLog> logs = new ArrayList<>();
            for (Future<PlainLog> build : builds) {
                logs.add(build.get());
            }
            return logs;
        }
    }

    @Test
    void theSameWorkIsDoneOnce() throws Exception {
        Path context = Jbuild.context(directory.resolve("context"), """
                FROM busybox
                RUN sleep 1; date +%s.%N > /first
                RUN sleep 1; date +%s.%N > /second
                COPY Dockerfile /
                """);
        List<PlainLog> logs = atOnce(context, context, context);

        List<String> ran = logs.stream().flatMap(log -> log.ran().stream()).toList();
        assertThat(ran).doesNotHaveDuplicates().hasSize(3);
        assertThat(logs.stream().flatMap(log -> log.cached().stream())).hasSize(6);
        assertThat(directory.resolve("1.tar")).hasSameBinaryContentAs(directory.resolve("0.tar"));
        assertThat(directory.resolve("2.tar")).hasSameBinaryContentAs(directory.resolve("0.tar"));
    }

    @Test
    void differentBuildsDoNotDisturbEachOther() throws Exception {
        Path one = Jbuild.context(directory.resolve("one"), "FROM busybox\nRUN sleep 1; echo one > /made\n");
        Path two = Jbuild.context(directory.resolve("two"), "FROM busybox\nRUN echo two > /made\nCOPY Dockerfile /\n");
        List<PlainLog> logs = atOnce(one, two);

        assertThat(logs.get(0).ran()).hasSize(1);
        assertThat(logs.get(1).ran()).hasSize(2);
        assertThat(Shell.run("tar -xOf \"$1\"/0.tar made; tar -xOf \"$1\"/1.tar made", directory))
                .isEqualTo("one\ntwo\n");
    }

    @Test
    void aLockedCacheMountHasOneUserAtATime() throws Exception {
        String dockerfile = """
                FROM busybox
                RUN --mount=type=cache,target=/cache,sharing=locked \\
                    test ! -e /cache/busy && touch /cache/busy && sleep 1 && echo %s >> /cache/log && rm /cache/busy
                """;
        Path one = Jbuild.context(directory.resolve("one"), dockerfile.formatted("one"));
        Path two = Jbuild.context(directory.resolve("two"), dockerfile.formatted("two"));
        atOnce(one, two);

        Path reading = Jbuild.context(directory.resolve("reading"), """
                FROM busybox
                RUN --mount=type=cache,target=/cache sort /cache/log > /log
                """);
        atOnce(reading);
        assertThat(Shell.run("tar -xOf \"$1\"/0.tar log", directory)).isEqualTo("one\ntwo\n");
    }

    @Test
    void pruneWaitsForABuild() throws Exception {
        Path context =
                Jbuild.context(directory.resolve("context"), "FROM busybox\nRUN echo be''gun; sleep 2; touch /done\n");
        List<String> arguments = new ArrayList<>(images);
        arguments.addAll(List.of("-o", "type=tar,dest=" + directory.resolve("files.tar")));
        try (RunningBuild build = RunningBuild.start(jbuild, context, arguments)) {
            build.waitFor("begun");
            jbuild.run("prune", "-af");
            assertThat(build.join()).as(build.said()).isZero();
        }
        assertThat(Files.size(directory.resolve("files.tar"))).isPositive();
        assertThat(Shell.run("tar -tf \"$1\"/files.tar done", directory)).isEqualTo("done\n");
        jbuild.build(context, images);
    }
}
