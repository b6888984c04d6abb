package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.event.ResourceUsage;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A control group of one process: a directory in each tree that limits something.
public final class ControlGroup implements AutoCloseable {
    private static final int SIGKILL = 9;
    private static final int TRIES = 100;

    private final Resources resources;
    private final List<Path> directories = new ArrayList<>();
    private final List<Path> memory = new ArrayList<>();
    private String path = "";

    ControlGroup(Resources resources) {
        this.resources = resources;
    }

    /// @param root of the tree
    void add(Path root, Path directory, int version) {
        directories.add(directory);
        if (version == 2) {
            path = "/" + root.relativize(directory);
        }
        memory.add(directory.resolve(version == 2 ? "memory.events" : "memory.oom_control"));
    }

    /// The files into which a process writes 0 to enter.
    public List<Path> entrances() {
        return directories.stream()
                .map(directory -> directory.resolve("cgroup.procs"))
                .toList();
    }

    /// Where it is in the tree of version 2, empty if it is not there.
    public String path() {
        return path;
    }

    /// Whether the kernel killed a process of the group because the group used more memory than it may.
    public boolean ranOutOfMemory() throws IOException {
        for (Path file : memory) {
            if (Files.exists(file)
                    && Files.readAllLines(file).stream()
                            .anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"))) {
                return true;
            }
        }
        return false;
    }

    /// What its processes used until now.
    public ResourceUsage usage() throws IOException {
        return UsageCounters.of(directories);
    }

    void limit(Path directory, int version, String controller) throws IOException {
        switch (controller) {
            case "memory" -> {
                if (version == 2) {
                    memory(directory);
                } else {
                    memoryOfVersion1(directory);
                }
            }
            case "cpu" -> {
                if (version == 2) {
                    processors(directory);
                } else {
                    processorsOfVersion1(directory);
                }
            }
            case "cpuset" -> {
                if (version == 1) {
                    // Nothing can enter before both are set.
                    inherit(directory, "cpuset.cpus");
                    inherit(directory, "cpuset.mems");
                }
                write(directory, "cpuset.cpus", resources.cpusetCpus(), "cpuset-cpus");
                write(directory, "cpuset.mems", resources.cpusetMems(), "cpuset-mems");
            }
            // The others only count.
            default -> {}
        }
    }

    private void memoryOfVersion1(Path directory) throws IOException {
        if (resources.memory() == 0) {
            return;
        }
        write(directory, "memory.limit_in_bytes", Long.toString(resources.memory()), "memory");
        if (resources.memorySwap() != 0 || Files.exists(directory.resolve("memory.memsw.limit_in_bytes"))) {
            write(directory, "memory.memsw.limit_in_bytes", Long.toString(memoryAndSwap()), "memory-swap");
        }
    }

    private void memory(Path directory) throws IOException {
        if (resources.memory() == 0) {
            return;
        }
        write(directory, "memory.max", Long.toString(resources.memory()), "memory");
        if (resources.memorySwap() != 0 || Files.exists(directory.resolve("memory.swap.max"))) {
            long both = memoryAndSwap();
            String swap = both < 0 ? "max" : Long.toString(both - resources.memory());
            write(directory, "memory.swap.max", swap, "memory-swap");
        }
    }

    /// As Docker does: as much swap as memory, if nothing is said.
    private long memoryAndSwap() {
        return resources.memorySwap() == 0 ? 2 * resources.memory() : resources.memorySwap();
    }

    private void processorsOfVersion1(Path directory) throws IOException {
        write(directory, "cpu.shares", number(resources.cpuShares()), "cpu-shares");
        write(directory, "cpu.cfs_period_us", number(resources.cpuPeriod()), "cpu-period");
        write(directory, "cpu.cfs_quota_us", number(resources.cpuQuota()), "cpu-quota");
    }

    private void processors(Path directory) throws IOException {
        if (resources.cpuShares() != 0) {
            // The range 2 to 262144 is mapped to 1 to 10000, as every runtime does.
            long shares = Math.clamp(resources.cpuShares(), 2, 262_144);
            write(directory, "cpu.weight", Long.toString(1 + (shares - 2) * 9999 / 262_142), "cpu-shares");
        }
        if (resources.cpuQuota() != 0 || resources.cpuPeriod() != 0) {
            String quota = resources.cpuQuota() <= 0 ? "max" : Long.toString(resources.cpuQuota());
            String period = resources.cpuPeriod() == 0 ? "" : " " + resources.cpuPeriod();
            write(directory, "cpu.max", quota + period, "cpu-quota");
        }
    }

    private static String number(long value) {
        return value == 0 ? "" : Long.toString(value);
    }

    static void inherit(Path directory, String file) throws IOException {
        Path above = directory.resolveSibling(file);
        Files.writeString(directory.resolve(file), Files.readString(above).strip());
    }

    private static void write(Path directory, String file, String value, String resource) {
        if (value.isEmpty()) {
            return;
        }
        try {
            Files.writeString(directory.resolve(file), value, java.nio.file.StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new SandboxException("--resource " + resource + " cannot be set: the kernel does not take " + value
                    + " for " + file + " of its control group");
        }
    }

    /// Where a group of this name lies below the root. A slice of systemd's lies in those that its name begins with.
    static String relative(String name) {
        String path = name.replaceFirst("^/+", "");
        if (path.contains("/") || !path.endsWith(".slice")) {
            return path;
        }
        StringBuilder slices = new StringBuilder();
        for (int dash = path.indexOf('-'); dash >= 0; dash = path.indexOf('-', dash + 1)) {
            slices.append(path, 0, dash).append(".slice/");
        }
        return slices.append(path).toString();
    }

    /// Ends what is left in it and removes it.
    @Override
    public void close() {
        directories.forEach(ControlGroup::remove);
    }

    /// Removes a group and those that a runtime made below it.
    static void remove(Path group) {
        boolean interrupted = false;
        for (int tries = 0; tries < TRIES && Files.exists(group) && !removed(group); tries++) {
            try {
                // What was killed leaves its group a moment later.
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean removed(Path group) {
        try {
            try (DirectoryStream<Path> below = Files.newDirectoryStream(group, Files::isDirectory)) {
                for (Path each : below) {
                    removed(each);
                }
            }
            for (String pid : Files.readAllLines(group.resolve("cgroup.procs"))) {
                if (!pid.equals("0")) {
                    Kernel.kill(Long.parseLong(pid), SIGKILL);
                }
            }
            Files.delete(group);
            return true;
        } catch (IOException e) {
            // Not empty yet.
            return false;
        }
    }
}
