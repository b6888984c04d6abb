package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.solver.event.ResourceUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is written into control groups, seen in a directory with files of their names.
class ControlGroupsTest {
    private static final Resources ALL = new Resources(64 << 20, 0, 512, 100_000, 50_000, "0-1", "0");

    @TempDir
    Path root;

    private Map<String, String> written(Resources resources, int version, List<String> files) throws Exception {
        Path directory = Files.createDirectories(root.resolve("group"));
        for (String file : files) {
            Files.writeString(directory.resolve(file), "");
            Files.writeString(root.resolve(file), "0-3\n");
        }
        ControlGroup group = new ControlGroup(resources);
        for (String controller : resources.controllers()) {
            group.limit(directory, version, controller);
        }
        Map<String, String> written = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                written.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return written;
    }

    @Test
    void version2() throws Exception {
        assertThat(written(
                        ALL,
                        2,
                        List.of(
                                "memory.max",
                                "memory.swap.max",
                                "cpu.weight",
                                "cpu.max",
                                "cpuset.cpus",
                                "cpuset.mems")))
                .containsOnly(
                        Map.entry("memory.max", "67108864"),
                        Map.entry("memory.swap.max", "67108864"),
                        Map.entry("cpu.weight", "20"),
                        Map.entry("cpu.max", "50000 100000"),
                        Map.entry("cpuset.cpus", "0-1"),
                        Map.entry("cpuset.mems", "0"));
    }

    @Test
    void version1() throws Exception {
        Resources some = new Resources(64 << 20, -1, 512, 100_000, 50_000, "0-1", "");
        assertThat(written(
                        some,
                        1,
                        List.of(
                                "memory.limit_in_bytes",
                                "memory.memsw.limit_in_bytes",
                                "cpu.shares",
                                "cpu.cfs_period_us",
                                "cpu.cfs_quota_us",
                                "cpuset.cpus",
                                "cpuset.mems")))
                .containsOnly(
                        Map.entry("memory.limit_in_bytes", "67108864"),
                        Map.entry("memory.memsw.limit_in_bytes", "-1"),
                        Map.entry("cpu.shares", "512"),
                        Map.entry("cpu.cfs_period_us", "100000"),
                        Map.entry("cpu.cfs_quota_us", "50000"),
                        Map.entry("cpuset.cpus", "0-1"),
                        Map.entry("cpuset.mems", "0-3"));
    }

    @Test
    void whatTheKernelDoesNotTakeIsNamed() {
        assertThatThrownBy(() -> written(ALL, 2, List.of()))
                .isInstanceOf(SandboxException.class)
                .hasMessage("--resource memory cannot be set: the kernel does not take 67108864 for memory.max of its"
                        + " control group");
    }

    @Test
    void aKilledProcessIsNoticed() throws Exception {
        for (int version : List.of(1, 2)) {
            Path directory = Files.createDirectories(root.resolve("v" + version));
            ControlGroup group = new ControlGroup(ALL);
            group.add(root, directory, version);
            assertThat(group.path()).isEqualTo(version == 2 ? "/v2" : "");
            Path file = directory.resolve(version == 2 ? "memory.events" : "memory.oom_control");
            Files.writeString(file, "under_oom 0\noom_kill 0\n");
            assertThat(group.ranOutOfMemory()).isFalse();
            Files.writeString(file, "under_oom 0\noom_kill 2\n");
            assertThat(group.ranOutOfMemory()).isTrue();
        }
    }

    @Test
    void whatWasUsedIsReadFromEitherVersion() throws Exception {
        Path one = Files.createDirectories(root.resolve("one"));
        Files.writeString(one.resolve("cpuacct.usage"), "1500000\n");
        Files.writeString(one.resolve("cpu.stat"), "nr_periods 0\n");
        Files.writeString(one.resolve("memory.max_usage_in_bytes"), "4096\n");
        Files.writeString(
                one.resolve("blkio.throttle.io_service_bytes"),
                "8:0 Read 100\n8:0 Write 20\n8:0 Sync 120\n253:0 Read 1\n253:0 Write 2\nTotal 123\n");
        Path two = Files.createDirectories(root.resolve("two"));
        Files.writeString(two.resolve("cpu.stat"), "usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n");
        Files.writeString(two.resolve("memory.peak"), "4096\n");
        Files.writeString(
                two.resolve("io.stat"), "8:0 rbytes=100 wbytes=20 rios=1 wios=1\n253:0 rbytes=1 wbytes=2 rios=1\n");

        ResourceUsage used = new ResourceUsage(
                OptionalLong.of(1500), OptionalLong.of(4096), OptionalLong.of(101), OptionalLong.of(22));
        assertThat(UsageCounters.of(List.of(one))).isEqualTo(used);
        assertThat(UsageCounters.of(List.of(two))).isEqualTo(used);
        Files.delete(two.resolve("memory.peak"));
        Files.writeString(two.resolve("io.stat"), "");
        assertThat(UsageCounters.of(List.of(two)))
                .isEqualTo(new ResourceUsage(
                        OptionalLong.of(1500), OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty()));
    }

    @Test
    void trees() {
        Map<String, ControlGroups.Hierarchy> hybrid = ControlGroups.Hierarchy.parse(
                List.of("4:memory:/a", "2:cpu,cpuacct:/", "1:name=systemd:/", "0::/user.slice"));
        assertThat(hybrid.get("memory")).isEqualTo(new ControlGroups.Hierarchy("memory", 1, "/a"));
        assertThat(hybrid.get("cpuacct")).isEqualTo(new ControlGroups.Hierarchy("cpu,cpuacct", 1, "/"));
        assertThat(hybrid.get("")).isEqualTo(new ControlGroups.Hierarchy("", 2, "/user.slice"));
    }

    @ParameterizedTest
    @CsvSource({
        "/builds, builds",
        "a/b, a/b",
        "build.slice, build.slice",
        "a-b-c.slice, a.slice/a-b.slice/a-b-c.slice",
        "system.slice/x, system.slice/x"
    })
    void parents(String given, String path) {
        assertThat(ControlGroup.relative(given)).isEqualTo(path);
    }

    /// Only a mount of the whole tree shows where a group is.
    @Test
    void mounts() {
        List<String> mounts = List.of(
                "30 23 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro",
                "31 30 0:27 /docker/1 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory",
                "32 30 0:27 / /elsewhere/memory rw,relatime shared:9 - cgroup cgroup rw,memory",
                "33 30 0:28 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct",
                "34 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw,nsdelegate",
                "malformed");
        assertThat(ControlTrees.place(mounts, new ControlGroups.Hierarchy("memory", 1, "/a")))
                .contains(Path.of("/elsewhere/memory"));
        assertThat(ControlTrees.place(mounts, new ControlGroups.Hierarchy("cpu,cpuacct", 1, "/")))
                .contains(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
        assertThat(ControlTrees.place(mounts, new ControlGroups.Hierarchy("", 2, "/")))
                .contains(Path.of("/sys/fs/cgroup/unified"));
        assertThat(ControlTrees.place(mounts, new ControlGroups.Hierarchy("pids", 1, "/")))
                .isEmpty();
    }
}
