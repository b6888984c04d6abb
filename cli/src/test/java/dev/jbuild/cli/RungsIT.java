package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What RUN does on every rung: [RunRows], all of a rung in one build, and one build for each that is refused there.
@Timeout(120)
class RungsIT {
    private static final String SECRET = "f1le-s3cret-9b0c2d";
    private static final String VARIABLE = "vari4ble-s3cret-18c4ab";

    @TempDir
    static Path directory;

    private static Rungs rungs;
    private static ServerSocket machine;
    private static final Map<Rung, String> digests = new EnumMap<>(Rung.class);

    @BeforeAll
    static void prepare() throws Exception {
        rungs = Rungs.in(directory);
        Files.writeString(directory.resolve("secret"), SECRET + "\n");
        Shell.run("ssh-keygen -q -t ed25519 -N '' -f \"$1\"", directory.resolve("key"));
        for (Rung rung : Rung.values()) {
            rungs.set(rung, "SECRET_VARIABLE", VARIABLE);
        }
        machine = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(RungsIT::answer);
    }

    /// What only a process in the machine's network hears.
    private static void answer() {
        try {
            while (true) {
                try (Socket socket = machine.accept()) {
                    socket.getOutputStream().write("the machine\n".getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (IOException e) {
            assertThat(machine.isClosed()).as("%s", e).isTrue();
        }
    }

    @AfterAll
    static void remove() throws IOException {
        if (machine != null) {
            machine.close();
        }
        if (rungs != null) {
            rungs.close();
        }
    }

    private static Outcome build(Rung rung, String dockerfile, List<String> options) throws Exception {
        return build(rung, dockerfile, options, List.of());
    }

    private static Outcome build(Rung rung, String dockerfile, List<String> options, List<String> through)
            throws Exception {
        return Installation.start(prepare(rung, dockerfile, options, through));
    }

    private static ProcessBuilder prepare(Rung rung, String dockerfile, List<String> options, List<String> through)
            throws Exception {
        String base = """
                FROM busybox AS base
                ENV RUNG=%s PORT=%d
                COPY row /
                COPY --chmod=755 try /bin/
                """.formatted(rung, machine.getLocalPort());
        Path context = Jbuild.context(directory.resolve("rows"), base + dockerfile);
        Files.writeString(context.resolve("file"), "content\n");
        Files.writeString(context.resolve("row"), "");
        Files.writeString(
                context.resolve("try"), "#!/bin/sh\n(echo x >> $1) 2>/dev/null && echo writable || echo read-only\n");
        List<String> arguments = new ArrayList<>(rungs.image(rung, "busybox"));
        arguments.add("--secret=id=file,src=" + rungs.give(rung, directory.resolve("secret"), "secret"));
        arguments.addAll(List.of("--secret=id=variable,env=SECRET_VARIABLE", "--output=type=cacheonly"));
        arguments.add("--ssh=default=" + rungs.give(rung, directory.resolve("key"), "key"));
        arguments.addAll(options);
        return rungs.prepareBuild(rung, context, arguments, through);
    }

    @ParameterizedTest
    @EnumSource
    void everyRow(Rung rung) throws Exception {
        List<RunRow> rows =
                RunRows.ALL.stream().filter(row -> !row.isRefused(rung)).toList();
        StringBuilder dockerfile = new StringBuilder();
        List<String> options = new ArrayList<>(List.of("--build-arg=http_proxy=" + RunRows.PROXY));
        for (RunRow row : rows) {
            dockerfile.append(row.stages());
            options.addAll(row.options());
        }
        dockerfile.append("FROM scratch\n");
        rows.forEach(row -> dockerfile.append("COPY --from=" + row.last() + " /row /" + row.name() + "\n"));

        Outcome outcome = build(rung, dockerfile.toString(), options);

        assertThat(outcome.code()).as(outcome.err()).isZero();
        List<PlainLog.Step> steps = PlainLog.of(outcome.err()).steps();
        Map<String, List<String>> wrong = new LinkedHashMap<>();
        for (RunRow row : rows) {
            List<String> said = steps.stream()
                    .filter(step -> row.owns(step.stage()))
                    .flatMap(step -> step.lines().stream())
                    .toList();
            if (!said.equals(row.said(rung))) {
                wrong.put(row.what(), said);
            }
        }
        assertThat(wrong).as("rows that print something else").isEmpty();
        assertThat(RunningBuild.processes("1000.5")).isEmpty();
        assertThat(outcome.err()).doesNotContain(SECRET).doesNotContain(VARIABLE);
        String found = Shell.run("grep -rlF -e \"$2\" -e \"$3\" \"$1\" || :", rungs.store(rung), SECRET, VARIABLE);
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CRUN", "RUNC", "NAMESPACES", "USER"})
    void whatIsRefused(Rung rung) throws Exception {
        for (RunRow row : RunRows.ALL) {
            if (row.isRefused(rung)) {
                List<String> options = new ArrayList<>(row.options());
                options.add("--target=" + row.last());
                Outcome outcome = build(rung, row.stages(), options);
                assertThat(outcome.code()).as(row.what()).isEqualTo(1);
                assertThat(outcome.err())
                        .as(row.what())
                        .contains(Objects.requireNonNull(row.apart().get(rung)).refusal());
            }
        }
    }

    /// The word is the sleeping process's own.
    private static final String LIMITED = """
            FROM base
            RUN nproc; echo asle''ep; sleep 1000.8%1$d; true
            RUN echo before; dd if=/dev/zero of=/dev/null bs=300M count=1
            """;
    private static final List<String> LIMITS = List.of(
            "--resource=memory=64m", "--resource=cpu-shares=512", "--resource=cpuset-cpus=0", "--resource-usage");

    @ParameterizedTest
    @EnumSource
    void resourcesOfAllProcessesTogether(Rung rung) throws Exception {
        List<String> options = new ArrayList<>(LIMITS);
        options.add("--cgroup-parent=jbuild-it-parent");
        if (rung.ofRoot()) {
            try {
                assertLimited(rung, options, List.of(), "jbuild-it-parent");
            } finally {
                removeGroups("jbuild-it-parent");
            }
        } else {
            Outcome outcome = build(rung, LIMITED.formatted(digit(rung)), options);
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err()).contains(rung == Rung.BARE ? "cannot be reached (EPERM)" : "systemd-run --user");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAStepUsedIsTold(Rung rung) throws Exception {
        String dockerfile = """
                FROM base
                RUN i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; dd if=/dev/zero of=/dev/null bs=40M count=1
                RUN true
                """;
        Outcome outcome = build(rung, dockerfile, List.of("--resource-usage"));
        if (!rung.ofRoot()) {
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err()).contains(rung == Rung.BARE ? "cannot be reached (EPERM)" : "systemd-run --user");
            return;
        }
        assertThat(outcome.code()).as(outcome.err()).isZero();
        List<String> used =
                outcome.err().lines().filter(line -> line.contains(" used ")).toList();
        assertThat(used).hasSize(2);
        assertThat(used.getFirst())
                .matches("#[0-9]+ used [0-9]+\\.[0-9]{2}s of processors, [4-9][0-9]\\.[0-9]+MB of memory.*");
        assertThat(used.getFirst()).doesNotContain("used 0.00s");
        assertThat(used.getLast()).matches("#[0-9]+ used 0\\.[0-9]{2}s of processors, [0-9.]+[kM]B of memory.*");
    }

    /// In a container that masks parts of /proc, as most do, a user's processes cannot have one of their own.
    @Test
    void aMaskedProcIsShared() throws Exception {
        List<String> masked = List.of("unshare", "--mount", "sh", "-euc", """
                mount -t tmpfs none /proc/fs
                exec "$@"
                """, "sh");
        String dockerfile = "FROM base\nRUN test -d /proc/self && ls /proc/fs | wc -l && echo runs\n";
        Outcome outcome = build(Rung.USER, dockerfile, List.of(), masked);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(outcome.err()).containsPattern(" 0\\n.* runs\\n");

        Outcome refused = build(Rung.USER, dockerfile, List.of("--isolation=namespaces", "--no-cache"), masked);
        assertThat(refused.err())
                .contains("--isolation=namespaces cannot be had: parts of /proc are masked here")
                .contains("--isolation=chroot, which auto comes to here");
        Outcome doctor = Installation.start(rungs.prepare(Rung.USER, masked, "doctor", List.of()));
        assertThat(doctor.out()).contains("auto is chroot: parts of /proc are masked", "systempaths=unconfined");
    }

    /// Tells the processes of one rung from those of another.
    private static int digit(Rung rung) {
        return List.of(Rung.values()).indexOf(rung);
    }

    /// A build whose second step takes more memory than it may.
    private static void assertLimited(Rung rung, List<String> options, List<String> through, String group)
            throws Exception {
        String word = "1000.8" + digit(rung);
        ProcessBuilder prepared = prepare(rung, LIMITED.formatted(digit(rung)), options, through);
        try (RunningBuild build = RunningBuild.start(prepared)) {
            assertThat(groupsOf(build, word)).contains("/" + group + "/jbuild-");
            assertThat(build.join()).isEqualTo(1);
            assertThat(build.said())
                    .contains("exit code: 137: out of memory: it used more than --resource memory=64m")
                    .contains(" before\n")
                    .containsPattern("used [0-9.]+s of processors, 6[0-9.]+MB of memory");
            assertThat(PlainLog.of(build.said()).steps().stream()
                            .filter(step -> step.instruction().startsWith("RUN nproc"))
                            .flatMap(step -> step.lines().stream()))
                    .startsWith("1", "asleep");
        }
    }

    /// In which control groups the step sleeps, as the machine sees it. Wakes it.
    private static String groupsOf(RunningBuild build, String word) throws Exception {
        build.waitFor(" asleep");
        List<ProcessHandle> step = List.of();
        while (step.isEmpty()) {
            step = RunningBuild.processes(word);
        }
        String groups =
                Files.readString(Path.of("/proc", Long.toString(step.getFirst().pid()), "cgroup"));
        step.getFirst().destroyForcibly();
        return groups;
    }

    /// Below the roots of all trees.
    private static void removeGroups(String name) {
        Shell.run("""
                for group in /sys/fs/cgroup/$1 /sys/fs/cgroup/*/$1; do
                  if [ -d "$group" ]; then find "$group" -depth -type d -exec rmdir {} +; fi
                done
                """, name);
    }

    /// As systemd gives one to each user.
    @ParameterizedTest
    @EnumSource(names = {"USER", "ONE_USER"})
    void aUserWithAControlGroupOfItsOwn(Rung rung) throws Exception {
        String enter = """
                enter() { mkdir -p "$1" && chown -R "$user:" "${1%/leaf}" && echo 0 > "$1/cgroup.procs"; }
                user=$1 && shift
                if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
                  echo '+memory +cpu +cpuset' > /sys/fs/cgroup/cgroup.subtree_control
                  mkdir /sys/fs/cgroup/jbuild-it-own
                  echo '+memory +cpu +cpuset' > /sys/fs/cgroup/jbuild-it-own/cgroup.subtree_control
                  enter /sys/fs/cgroup/jbuild-it-own/leaf
                else
                  mkdir /sys/fs/cgroup/cpuset/jbuild-it-own
                  for file in cpuset.cpus cpuset.mems; do
                    cat /sys/fs/cgroup/cpuset/$file > /sys/fs/cgroup/cpuset/jbuild-it-own/$file
                  done
                  for tree in memory cpu cpuacct cpuset; do enter /sys/fs/cgroup/$tree/jbuild-it-own; done
                fi
                exec "$@"
                """;
        try {
            List<String> through =
                    List.of("sh", "-euc", enter, "sh", rungs.user(rung).name());
            assertLimited(rung, LIMITS, through, "jbuild-it-own");
        } finally {
            removeGroups("jbuild-it-own");
        }
    }

    /// Where the kernel keeps one tree for everything. It has no memory to give where version 1 has that.
    @ParameterizedTest
    @EnumSource(names = {"CRUN", "NAMESPACES"})
    void controlGroupsOfVersion2(Rung rung) throws Exception {
        List<String> only = List.of(
                "unshare",
                "--mount",
                "sh",
                "-euc",
                // A JVM that looks at both itself does not survive it.
                "export JBUILD_JAVA_OPTS=-XX:-UseContainerSupport; echo 0::/ > \"$1\""
                        + " && mount --bind \"$1\" /proc/$$/cgroup && shift && exec \"$@\"",
                "sh",
                directory.resolve("groups").toString());
        try {
            String dockerfile = "FROM base\nRUN echo asle''ep; sleep 1000.9; true\n";
            List<String> options = List.of("--cgroup-parent=/jbuild-it-two", "--no-cache");
            try (RunningBuild build = RunningBuild.start(prepare(rung, dockerfile, options, only))) {
                assertThat(groupsOf(build, "1000.9")).containsPattern("0::/jbuild-it-two/jbuild-[0-9]+-1");
                assertThat(build.join()).as(build.said()).isZero();
            }
            if (rung == Rung.CRUN && Files.exists(Path.of("/sys/fs/cgroup/memory"))) {
                Outcome refused = build(rung, dockerfile, List.of("--resource=memory=64m", "--no-cache"), only);
                assertThat(refused.code()).isEqualTo(1);
                assertThat(refused.err()).contains("memory cannot be enabled in cgroup.subtree_control");
            }
        } finally {
            removeGroups("jbuild-it-two");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledBuildLeavesNoProcess(Rung rung) throws Exception {
        Path context = Jbuild.context(
                directory.resolve("killed"), "FROM busybox\nRUN echo star''ted; exec sleep 1000.7" + digit(rung));
        List<String> arguments = new ArrayList<>(rungs.image(rung, "busybox"));
        arguments.add("--output=type=cacheonly");
        try (RunningBuild build = RunningBuild.start(rungs.prepareBuild(rung, context, arguments, List.of()))) {
            build.waitFor(" started");
            List<ProcessHandle> step = List.of();
            while (step.isEmpty()) {
                step = RunningBuild.processes("1000.7" + digit(rung));
            }
            // What was started may be a container, which is not what is to be killed.
            List<ProcessHandle> java = ProcessHandle.of(build.pid()).stream()
                    .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                    .filter(process -> process.info().command().orElse("").endsWith("/java"))
                    .toList();
            assertThat(java).hasSize(1);
            java.getFirst().destroyForcibly();
            RunningBuild.waitUntilGone(step);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anImageHasTheSameBytes(Rung rung) throws Exception {
        Path context = Jbuild.context(directory.resolve("image"), """
                FROM busybox AS made
                RUN --mount=type=bind,target=/m --mount=type=cache,target=/c mkdir -p /d/e && cp /m/Dockerfile /d && rm /etc/passwd
                FROM busybox
                COPY --from=made --chown=7:8 /d /d
                RUN rm /d/Dockerfile && ln -s x /link && mkfifo /d/pipe
                """);
        rungs.set(rung, "SOURCE_DATE_EPOCH", "1000000000");
        Path archive = rungs.place(rung).resolve("image.tar");
        List<String> arguments = new ArrayList<>(rungs.image(rung, "busybox"));
        arguments.addAll(List.of("--no-cache", "--output=type=oci,rewrite-timestamp=true,dest=" + archive));
        Outcome outcome = rungs.build(rung, context, arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        digests.put(rung, Shell.run("sha256sum < \"$1\"", archive));
        assertThat(Set.copyOf(digests.values())).as("%s", digests).hasSize(1);
    }
}
