package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.layerstore.fake.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Shells where a RUN failed, and behind any instruction.
@Timeout(120)
class ShellIT {
    private static final String DOCKERFILE = """
            FROM busybox AS base
            RUN echo app:x:1000:1000::/home/app:/bin/sh >> /etc/passwd; mkdir /workshop; chown 1000 /workshop
            FROM base AS build
            ENV GREETING="hello there"
            ARG VERSION=7
            USER app
            WORKDIR /workshop
            RUN --mount=type=cache,target=/cache,uid=1000 --mount=type=bind,source=sub,target=/src \\
                --mount=type=bind,from=base,source=/etc,target=/of-base --mount=type=tmpfs,target=/scratch \\
                echo cached > /cache/file && echo left > made && exit 3
            RUN echo never
            """;
    private static final String SCRIPT = """
            pwd
            id -u
            echo "$GREETING $VERSION"
            cat made /cache/file /src/text
            grep -c app /of-base/passwd
            echo lost > /scratch/file && echo lost > /workshop/lost
            exit 5
            """;

    @TempDir
    static Path shared;

    private static Rungs rungs;
    private static Jbuild jbuild;
    private static Path context;
    private static List<String> images;

    @BeforeAll
    static void open() throws Exception {
        rungs = Rungs.in(shared);
        jbuild = rungs.jbuild();
        context = Jbuild.context(shared.resolve("context"), DOCKERFILE);
        Files.createDirectory(context.resolve("sub"));
        Files.writeString(context.resolve("sub/text"), "of the context\n");
        images = TestImages.contexts("busybox");
    }

    @AfterAll
    static void close() {
        if (rungs != null) {
            rungs.close();
        }
    }

    /// A command with this text on its standard input.
    private static Outcome type(ProcessBuilder builder, String text) throws Exception {
        Path in = Files.writeString(shared.resolve("in"), text);
        Path out = shared.resolve("out");
        Path err = shared.resolve("err");
        Process process = builder.redirectInput(in.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static List<String> withImages(List<String> arguments) {
        return Stream.concat(arguments.stream(), images.stream()).toList();
    }

    @ParameterizedTest
    @EnumSource
    void isWhereTheStepFailed(Rung rung) throws Exception {
        // There is only one user there.
        String user = rung == Rung.ONE_USER ? "root" : "app";
        String dockerfile = rung == Rung.ONE_USER
                ? DOCKERFILE.replace("USER app", "USER root").replace("; chown 1000 /workshop", "")
                : DOCKERFILE;
        Path own = Jbuild.context(shared.resolve("failing"), dockerfile);
        Files.createDirectories(own.resolve("sub"));
        Files.writeString(own.resolve("sub/text"), "of the context\n");
        Outcome failed = rungs.build(rung, own, rungs.image(rung, "busybox"));
        assertThat(failed.code()).as(failed.err()).isEqualTo(ExitCode.BUILD_FAILED.code());
        assertThat(failed.err())
                .contains("did not complete successfully: exit code: 3\n")
                .containsPattern("Hint: `jbuild shell --failed[ 0-9a-f]*` opens a shell in what this step left\n$");

        Files.writeString(own.resolve("sub/text"), "changed since\n");
        rungs.give(rung, own, "context");
        Outcome shell = type(rungs.prepare(rung, List.of(), "shell", List.of("--failed")), SCRIPT);
        assertThat(shell.out()).as(shell.err()).isEqualTo("""
                /workshop
                %s
                hello there 7
                left
                cached
                of the context
                1
                """.formatted(rung == Rung.ONE_USER ? "0" : "1000"));
        assertThat(shell.code()).as("the exit code of the shell").isEqualTo(5);
        assertThat(shell.err())
                .contains("User " + user + ", directory /workshop. What is changed here is thrown away at the end.");

        List<String> list = List.of("--failed", "--", "ls", "-A", "/workshop", "/scratch");
        Outcome command = type(rungs.prepare(rung, List.of(), "shell", list), "");
        assertThat(command.out()).as("nothing of the shell before").isEqualTo("/scratch:\n\n/workshop:\nmade\n");
        assertThat(command.err()).isEmpty();
    }

    /// Limits and network are those of the step; what the step left, nobody else may read, until the next build.
    @Test
    void hasNoMoreThanTheStepHad() throws Exception {
        Path own = Jbuild.context(shared.resolve("limited"), """
                FROM busybox
                RUN --network=none head -c 100m /dev/zero | tail > /kept
                """);
        try (Jbuild other = new Jbuild(jbuild.launcher(), shared.resolve("limits"), Map.of())) {
            Outcome failed = other.tryBuild(
                    own,
                    withImages(List.of(
                            "--ulimit=nofile=77:88",
                            "--shm-size=1m",
                            "--add-host=db:10.0.0.1",
                            "--cgroup-parent=jbuild-it-shell",
                            "--resource=memory=32m")));
            assertThat(failed.err()).contains("exit code: 137: out of memory");
            String see =
                    "ulimit -n; df -k /dev/shm | awk '/shm/ {print $2}'; grep -c 'db$' /etc/hosts; ls /sys/class/net";
            assertThat(other.run("shell", "--failed", "--", "sh", "-c", see).out())
                    .isEqualTo("77\n1024\n1\nlo\n");
            String much = "head -c 100m /dev/zero | tail > /dev/null";
            assertThat(other.run(own, List.of("shell", "--failed", "--", "sh", "-c", much))
                            .code())
                    .isEqualTo(137);
            assertThat(other.run(own, List.of("shell", "--failed", "--resource=memory=1g", "--", "sh", "-c", much))
                            .code())
                    .isZero();

            Path left = keptFile(other).orElseThrow();
            assertThat(Shell.run("su nobody -s /bin/sh -c 'cat \"$0\" 2>&1; ls \"$0\" 2>&1 || true' -- \"$1\"", left))
                    .contains("Permission denied");
            Files.writeString(own.resolve("Dockerfile"), "FROM busybox\n");
            other.build(own, images);
            assertThat(keptFile(other)).isEmpty();
        } finally {
            Shell.run("rmdir /sys/fs/cgroup/jbuild-it-shell /sys/fs/cgroup/*/jbuild-it-shell 2>/dev/null || true");
        }
    }

    /// The file that the failed step made.
    private static Optional<Path> keptFile(Jbuild jbuild) throws Exception {
        try (Stream<Path> files = Files.walk(jbuild.store().resolve("snapshots"))) {
            return files.filter(file -> file.endsWith("kept")).findFirst();
        }
    }

    @Test
    void isThereUntilTheNextBuild() throws Exception {
        Path own = Jbuild.context(shared.resolve("again"), "FROM busybox\nRUN echo x > /left && false\n");
        try (Jbuild other = new Jbuild(jbuild.launcher(), shared.resolve("other"), Map.of())) {
            assertThat(other.tryBuild(own, images).code()).isEqualTo(1);
            assertThat(other.run("du").out()).containsPattern("Failed steps +2 ");
            Outcome kept = other.tryBuild(own, withImages(List.of("--keep-failed", "--build-arg=SOME=thing")));
            assertThat(kept.err()).as("the one before is gone").contains("`jbuild shell --failed`");
            Outcome two = other.tryBuild(own, images);
            assertThat(two.err()).containsPattern("`jbuild shell --failed [0-9a-f]{12}`");

            Files.writeString(own.resolve("Dockerfile"), "FROM busybox\nRUN echo fine\n");
            other.build(own, images);
            assertThat(other.run("du").out()).as("that of --keep-failed").containsPattern("Failed steps +2 ");
            assertThat(other.run("shell", "--failed", "--", "cat", "/left").out())
                    .isEqualTo("x\n");
            other.run("prune", "--force");
            assertThat(other.run("du").out())
                    .containsPattern("Failed steps +0 ")
                    .containsPattern("Orphans.* +0 ");
            Outcome none = other.run(own, List.of("shell", "--failed"));
            assertThat(none.code()).isEqualTo(ExitCode.USAGE.code());
            assertThat(none.err()).contains("keeps no failed step");
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "build:7 | /workshop 1000 7",
                "build:5 | / 0 7",
                "base | / 0",
                "0:2 | / 0",
                ":4 | / 0",
            })
    void isBehindAnInstruction(String example) throws Exception {
        String[] parts = example.split(" \\| ", -1);
        List<String> arguments = withImages(List.of("shell", "--at=" + parts[0], "."));
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--", "sh", "-c", "echo $PWD $(id -u) $VERSION; exit 9"));
        Outcome outcome = jbuild.run(context, all);
        assertThat(outcome.out()).as(outcome.err()).isEqualTo(parts[1] + "\n");
        assertThat(outcome.code()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource
    void hasTheTerminal(Rung rung) throws Exception {
        Path own = Jbuild.context(shared.resolve("terminal"), "FROM busybox\n");
        List<String> arguments = new ArrayList<>(List.of("--at=0", rung.option()));
        arguments.addAll(rungs.image(rung, "busybox"));
        arguments.add(rungs.give(rung, own, "context").toString());
        ProcessBuilder builder = rungs.prepare(rung, List.of(), "shell", arguments);
        String command = "stty rows 33 cols 77; "
                + builder.command().stream()
                        .map(word -> "'" + word.replace("'", "'\\''") + "'")
                        .collect(Collectors.joining(" "));
        builder.command(List.of("script", "--quiet", "--return", "--command", command, "/dev/null"));
        Outcome outcome = type(builder, "test -t 0 && echo a term''inal\nstty size\nexit 4\n");
        assertThat(outcome.code()).as(outcome.out()).isEqualTo(4);
        assertThat(outcome.out()).contains("a terminal").contains("33 77");
    }

    @Test
    void needsAShell() throws Exception {
        Path own = Jbuild.context(shared.resolve("bare"), "FROM scratch\nCOPY Dockerfile /\nRUN [\"/missing\"]\n");
        Outcome failed = jbuild.tryBuild(own, List.of());
        assertThat(failed.err()).contains("executable file not found").contains("jbuild shell --failed");
        Outcome shell = jbuild.run(own, List.of("shell", "--failed"));
        assertThat(shell.code()).isEqualTo(ExitCode.BUILD_FAILED.code());
        assertThat(shell.err()).contains("there is no shell in this root file system: it has no /bin/sh");
        Outcome missing = jbuild.run(own, List.of("shell", "--failed", "--", "/other"));
        assertThat(missing.err()).contains("\"/other\": executable file not found");
    }

    @Test
    void killedShellLeavesNothing() throws Exception {
        Path own = Jbuild.context(shared.resolve("killed"), "FROM busybox\n");
        List<String> arguments = new ArrayList<>(withImages(List.of("shell", "--at=0", own.toString())));
        arguments.addAll(List.of("--", "sleep", "10000.7"));
        Process process = jbuild.prepare(own, arguments).start();
        try {
            List<ProcessHandle> sleeping = List.of();
            while (sleeping.isEmpty() && process.isAlive()) {
                sleeping = RunningBuild.processes("10000.7").stream()
                        .filter(handle -> handle.info().command().orElse("").endsWith("busybox"))
                        .toList();
                Thread.onSpinWait();
            }
            assertThat(sleeping).isNotEmpty();
            process.destroyForcibly().waitFor();
            RunningBuild.waitUntilGone(sleeping);
        } finally {
            process.destroyForcibly();
        }
        jbuild.run("du");
        assertThat(Shell.run("ls \"$1\"/tmp", jbuild.store()))
                .as("swept by the next")
                .isEmpty();
    }
}
