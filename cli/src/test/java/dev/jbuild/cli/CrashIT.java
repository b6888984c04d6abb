package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.fake.Fault;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Builds that are killed or interrupted leave nothing behind that the next one minds.
@Timeout(120)
class CrashIT {
    @TempDir
    static Path shared;

    private static Jbuild jbuild;
    private static List<String> images;

    @TempDir
    Path directory;

    @BeforeAll
    static void open() throws Exception {
        jbuild = Jbuild.in(shared);
        images = TestImages.contexts("busybox");
    }

    @AfterAll
    static void close() {
        jbuild.close();
    }

    /// What a killed build must leave: no mounts, a store that builds, and nothing that nobody knows.
    @AfterEach
    void nothingIsLeft() throws Exception {
        assertThat(Files.readString(Path.of("/proc/self/mountinfo")))
                .doesNotContain(jbuild.store().toString());
        jbuild.build(
                Jbuild.context(directory.resolve("next"), "FROM busybox\nRUN echo next\nCOPY Dockerfile /\n"), images);
        assertThat(jbuild.store().resolve("tmp")).as("swept by the build after").isEmptyDirectory();
        JsonMapper json = new JsonMapper();
        for (String line : jbuild.run("du", "--format=json").out().lines().toList()) {
            JsonNode kind = json.readTree(line);
            assertThat(kind.path("Orphans").asInt(-1)).as(line).isZero();
        }
    }

    /// A step that says so when it runs and then sleeps, under a name of its own.
    private Path sleeping(String seconds, String before) throws Exception {
        return Jbuild.context(directory.resolve("context"), """
                FROM busybox
                RUN echo first step of %1$s
                RUN %2$s sleep %1$s & sleep 0.3; echo sle''eping; wait
                """.formatted(seconds, before));
    }

    @ParameterizedTest(name = "--isolation={0}")
    @CsvSource({"auto, 10000.1", "namespaces, 10000.2"}) // without a process namespace nobody can promise this
    void killedInTheMiddleOfAStep(String isolation, String seconds) throws Exception {
        Path context = sleeping(seconds, "");
        List<String> arguments = new ArrayList<>(images);
        arguments.add("--isolation=" + isolation);
        try (RunningBuild build = RunningBuild.start(jbuild, context, arguments)) {
            build.waitFor("sleeping");
            List<ProcessHandle> step = RunningBuild.processes(seconds);
            assertThat(step).isNotEmpty();
            build.kill();
            RunningBuild.waitUntilGone(step);
        }
        Files.writeString(context.resolve("Dockerfile"), "FROM busybox\nRUN echo first step of " + seconds + "\n");
        assertThat(jbuild.build(context, images).cached())
                .as("what was finished is kept")
                .hasSize(1);
    }

    @Test
    void killedInTheMiddleOfAPull() throws Exception {
        byte[] large = new byte[1 << 20];
        new Random(1).nextBytes(large);
        Files.write(shared.resolve("large"), large);
        Shell.run("cd \"$1\" && tar -cf layer.tar large", shared);
        byte[] layer = Files.readAllBytes(shared.resolve("layer.tar"));
        try (FakeRegistry registry = FakeRegistry.start()) {
            registry.putImage("slow", "1", Platform.host(), ContainerConfig.EMPTY, List.of(layer));
            Path context = Jbuild.context(
                    directory.resolve("context"), "FROM " + registry.host() + "/slow:1\nCOPY Dockerfile /\n");
            registry.spoil("GET", "/blobs/" + Digest.of(layer), new Fault.StallAfter(300_000));
            try (RunningBuild build = RunningBuild.start(jbuild, context, List.of())) {
                registry.awaitStall();
                build.kill();
            }
            PlainLog log = jbuild.build(context, List.of("-o", "type=tar,dest=" + directory.resolve("files.tar")));
            assertThat(log.ran()).containsExactly("COPY Dockerfile /");
        }
        assertThat(Shell.run("tar -xOf \"$1\"/files.tar large | cmp - \"$2\"/large && echo same", directory, shared))
                .isEqualTo("same\n");
    }

    @Test
    void killedInTheMiddleOfAnExport() throws Exception {
        byte[] large = new byte[8 << 20];
        new Random(2).nextBytes(large);
        Path context = Jbuild.context(directory.resolve("context"), "FROM scratch\nCOPY large /\n");
        Files.write(context.resolve("large"), large);

        // Nobody reads the archive, so its writer is stuck in the middle of it when it is killed.
        try (RunningBuild build = RunningBuild.start(jbuild, context, List.of("-o", "type=oci,dest=-"))) {
            build.waitFor("exporting to oci");
            build.kill();
        }

        Path outputs = Files.createDirectory(directory.resolve("outputs"));
        String destination = "type=oci,dest=" + outputs.resolve("image.tar");
        try (RunningBuild build =
                RunningBuild.start(jbuild, context, List.of("-o", destination, "-o", "type=tar,dest=-"))) {
            build.waitFor("exporting to ");
            build.kill();
        }
        jbuild.build(context, List.of("-o", destination));
        assertThat(outputs).isDirectoryContaining("glob:**/image.tar");
        assertThat(Shell.run("ls -A \"$1\"", outputs))
                .as("no unfinished file beside it")
                .isEqualTo("image.tar\n");
        Shell.run("tar -tf \"$1\"", outputs.resolve("image.tar"));
    }

    @Test
    void theSecondCtrlCDoesNotWaitForAStepThatIgnoresTheFirst() throws Exception {
        Path context = Jbuild.context(directory.resolve("context"), """
                FROM busybox
                RUN trap 'echo "not im""pressed"' TERM; (trap '' TERM; exec sleep 10000.16) & echo sle''eping; while :; do wait; done
                """);
        Path archive = directory.resolve("image.tar");
        List<String> arguments = new ArrayList<>(images);
        arguments.addAll(List.of("-o", "type=oci,dest=" + archive));
        try (RunningBuild build = RunningBuild.start(jbuild, context, arguments)) {
            build.waitFor("sleeping");
            List<ProcessHandle> step = RunningBuild.processes("10000.16");
            assertThat(step).isNotEmpty();
            Shell.run("kill -INT \"$1\"", build.pid());
            build.waitFor("not impressed");
            Shell.run("kill -INT \"$1\"", build.pid());
            int code = build.join();
            assertThat(code).as(build.said()).isEqualTo(ExitCode.CANCELLED.code());
            assertThat(build.said()).contains("ERROR: killed").doesNotContain("CANCELED", "\tat ");
            RunningBuild.waitUntilGone(step);
        }
        assertThat(archive).doesNotExist();
    }

    @ParameterizedTest(name = "SIG{0}")
    @ValueSource(strings = {"INT", "TERM"})
    void interruptedInTheMiddleOfAStep(String signal) throws Exception {
        String seconds = signal.equals("INT") ? "10000.4" : "10000.5";
        try (RunningBuild build = RunningBuild.start(jbuild, sleeping(seconds, ""), images)) {
            build.waitFor("sleeping");
            List<ProcessHandle> step = RunningBuild.processes(seconds);
            assertThat(step).isNotEmpty();
            long before = System.nanoTime();
            Shell.run("kill -" + signal + " \"$1\"", build.pid());
            int code = build.join();
            assertThat(System.nanoTime() - before).as("nanoseconds").isLessThan(10_000_000_000L);
            assertThat(code).as(build.said()).isEqualTo(ExitCode.CANCELLED.code());
            assertThat(build.said()).contains("CANCELED", "ERROR: canceled").doesNotContain("\tat ");
            assertThat(step).noneMatch(ProcessHandle::isAlive);
        }
    }

    @Test
    void aStepThatHoldsOutIsKilled() throws Exception {
        String seconds = "10000.6";
        try (RunningBuild build = RunningBuild.start(jbuild, sleeping(seconds, "trap '' TERM INT;"), images)) {
            build.waitFor("sleeping");
            List<ProcessHandle> step = RunningBuild.processes(seconds);
            assertThat(step).isNotEmpty();
            Shell.run("kill -TERM \"$1\"", build.pid());
            build.join();
            RunningBuild.waitUntilGone(step);
        }
    }

    @Test
    void theFirstFailureEndsWhatRunsBesideIt() throws Exception {
        String seconds = "10000.7";
        Path context = Jbuild.context(directory.resolve("context"), """
                FROM busybox AS slow
                RUN sleep %s & touch /started; wait
                FROM busybox AS failing
                RUN sleep 1; exit 3
                FROM scratch
                COPY --from=slow /started /
                COPY --from=failing /bin/sh /
                """.formatted(seconds));
        Outcome outcome = jbuild.tryBuild(context, images);
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.err()).contains("exit code: 3", "CANCELED");
        assertThat(RunningBuild.processes(seconds)).isEmpty();
    }
}
