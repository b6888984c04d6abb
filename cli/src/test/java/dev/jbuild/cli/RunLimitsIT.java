package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a RUN may use and do, on every rung.
@Timeout(60)
class RunLimitsIT {
    @TempDir
    static Path directory;

    private static Jbuild jbuild;

    @BeforeAll
    static void makeStore() throws Exception {
        jbuild = Jbuild.in(directory);
    }

    @AfterAll
    static void removeStore() {
        jbuild.close();
    }

    /// Builds on busybox. The name of the rung is in the environment, so that none finds the results of another.
    private static Outcome build(Rung rung, String instructions, String... options) throws Exception {
        String dockerfile = "FROM busybox\nENV RUNG=" + rung + "\n" + instructions;
        Path context = Jbuild.context(directory.resolve("context"), dockerfile);
        List<String> arguments = new ArrayList<>(TestImages.contexts("busybox"));
        arguments.addAll(List.of("--output", "type=cacheonly"));
        arguments.addAll(List.of(options));
        return rung.build(jbuild, context, arguments);
    }

    private static List<String> said(Outcome outcome, String instruction) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return PlainLog.of(outcome.err()).steps().stream()
                .filter(step -> step.instruction().startsWith(instruction))
                .flatMap(step -> step.lines().stream())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void limitsOfEachProcess(Rung rung) throws Exception {
        String script = """
                USER 1000
                RUN ulimit -Sn; ulimit -Hn; ulimit -c; df -k /dev/shm | tail -1 | awk '{print $2}'
                """;
        Outcome first = build(rung, script, "--ulimit=nofile=100:200", "--ulimit=core=0", "--shm-size=1m");
        assertThat(said(first, "RUN")).containsExactly("100", "200", "0", "1024");

        Outcome again = build(rung, script, "--ulimit=nofile=100:200", "--ulimit=core=0", "--shm-size=1m");
        assertThat(PlainLog.of(again.err()).cached()).hasSize(1);
        // They can be noticed, so they are part of the key.
        Outcome other = build(rung, script, "--ulimit=nofile=101:200", "--shm-size=1m");
        assertThat(said(other, "RUN")).startsWith("101", "200");
    }

    @ParameterizedTest
    @EnumSource
    void resourcesOfAllItsProcessesTogether(Rung rung) throws Exception {
        Outcome killed = build(
                rung,
                "RUN echo before; dd if=/dev/zero of=/dev/null bs=300M count=1",
                "--resource",
                "memory=64m",
                "--resource=cpu-shares=512");
        assertThat(killed.code()).isEqualTo(1);
        assertThat(killed.err())
                .contains("exit code: 137: out of memory: it used more than --resource memory=64m")
                .contains("before");

        String light = "RUN nproc; (sleep 100 >/dev/null 2>&1 &)";
        assertThat(said(build(rung, light, "--resource=cpuset-cpus=0", "--memory=64m"), "RUN"))
                .containsExactly("1");
        // They cannot be noticed, so they are not part of the key.
        assertThat(PlainLog.of(build(rung, light).err()).cached()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void everyRightForWhomIsTrusted(Rung rung) throws Exception {
        String script = """
                RUN awk '/CapEff/ {print $2}' /proc/self/status
                RUN --security=insecure mkdir /m && mount -t tmpfs none /m && echo mounted; \\
                    [ ! -w /proc/sys/kernel/hostname ] || echo writable; [ ! -e /dev/kmsg ] || echo kmsg
                """;
        Outcome refused = build(rung, script);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains("RUN --security=insecure is not allowed: security.insecure was not granted")
                .contains("--allow security.insecure");

        Outcome outcome = build(rung, script, "--allow", "security.insecure");
        assertThat(said(outcome, "RUN awk")).containsExactly("00000000a80425fb");
        List<String> all = said(outcome, "RUN --security");
        assertThat(all).startsWith("mounted", "writable");
        assertThat(all.contains("kmsg")).isEqualTo(Files.exists(Path.of("/dev/kmsg")));
    }

    @ParameterizedTest
    @EnumSource
    void noNetworkIsLoopbackOnly(Rung rung) throws Exception {
        Outcome none =
                build(rung, """
                RUN --network=none ls /sys/class/net; ping -c 1 -w 2 127.0.0.1 >/dev/null && echo up; \\
                    tr '\\t' ' ' </etc/hosts; grep -c : /proc/net/dev
                """, "--add-host=db:10.0.0.1", "--add-host=six:[fe80::1]", "--add-host=me=host-gateway");
        if (rung == Rung.CHROOT) {
            assertThat(none.code()).isEqualTo(1);
            assertThat(none.err()).contains("RUN --network=none cannot be had with chroot isolation");
        } else {
            assertThat(said(none, "RUN"))
                    .containsExactly(
                            "lo",
                            "up",
                            "127.0.0.1 localhost buildkitsandbox",
                            "::1 localhost ip6-localhost ip6-loopback",
                            "10.0.0.1 db",
                            "fe80::1 six",
                            "127.0.0.1 me",
                            "1");
        }
    }

    @Test
    void theNetworkOfTheMachineIsAskedForAndGranted() throws Exception {
        String script = "RUN --network=host grep -c : /proc/net/dev";
        Outcome refused = build(Rung.CRUN, script);
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("RUN --network=host is not allowed: network.host was not granted");
        String interfaces =
                said(build(Rung.CRUN, "RUN grep -c : /proc/net/dev"), "RUN").getFirst();
        for (String allow : List.of("--allow=network.host", "--network=host")) {
            Outcome granted = build(Rung.CRUN, script, "--no-cache", allow);
            assertThat(said(granted, "RUN")).containsExactly(interfaces);
        }
    }

    @Test
    void whatIsNotUnderstood() throws Exception {
        for (List<String> row : List.of(
                List.of("--allow=network.hosts", "expected network.host or security.insecure; did you mean"),
                List.of("--allow=device", "RUN --device is not supported"),
                List.of("--ulimit=nofil=1", "no limit is called nofil"),
                List.of("--ulimit=nofile=3:2", "the soft limit must not be higher than the hard limit"),
                List.of("--shm-size=big", "\"big\" is not a size"),
                List.of("--resource=memory=1k", "memory: at least 6m"),
                List.of("--resource=memory-swap=1g", "it needs memory"),
                List.of("--resource=cpus=1", "expected NAME=VALUE with one of memory"),
                List.of("--resource=cpuset-cpus=a", "as in 0-2,7"),
                List.of("--add-host=a:b", "\"b\" is neither an IP address nor host-gateway"))) {
            Outcome outcome = build(Rung.CRUN, "", row.getFirst());
            assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
            assertThat(outcome.err()).contains(row.getFirst().split("=")[0]).contains(row.getLast());
        }
    }
}
