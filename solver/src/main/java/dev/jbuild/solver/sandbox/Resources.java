package dev.jbuild.solver.sandbox;

import java.util.ArrayList;
import java.util.List;

/// How much of the machine the processes of one RUN may use together. Zero and empty stand for no limit.
///
/// @param memory bytes
/// @param memorySwap bytes of memory and swap together, [#UNLIMITED] for as much swap as there is
/// @param cpuShares weight against others, 1024 is usual
/// @param cpuPeriod microseconds
/// @param cpuQuota microseconds of processor time in each period
/// @param cpusetCpus numbers of processors, `0-2,7`
/// @param cpusetMems numbers of memory nodes
public record Resources(
        long memory,
        long memorySwap,
        long cpuShares,
        long cpuPeriod,
        long cpuQuota,
        String cpusetCpus,
        String cpusetMems) {
    public static final long UNLIMITED = -1;
    public static final Resources NONE = new Resources(0, 0, 0, 0, 0, "", "");

    private static final long LEAST_MEMORY = 6L << 20;

    public Resources {
        if (memory < 0 || (memory > 0 && memory < LEAST_MEMORY)) {
            throw new IllegalArgumentException("memory: at least 6m");
        }
        if (memorySwap < UNLIMITED || (memorySwap != 0 && (memory == 0 || (memorySwap > 0 && memorySwap < memory)))) {
            throw new IllegalArgumentException(
                    "memory-swap: it counts memory and swap together, so it needs memory and is not less");
        }
        if (cpuShares < 0 || cpuPeriod < 0 || cpuQuota < UNLIMITED) {
            throw new IllegalArgumentException("cpu-shares, cpu-period and cpu-quota are not negative");
        }
        checkSet("cpuset-cpus", cpusetCpus);
        checkSet("cpuset-mems", cpusetMems);
    }

    private static void checkSet(String name, String numbers) {
        if (!numbers.matches("([0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)?")) {
            throw new IllegalArgumentException(name + ": expected numbers and ranges, as in 0-2,7");
        }
    }

    /// The memory as people write it.
    public String memoryText() {
        return memory % (1 << 20) == 0 ? (memory >> 20) + "m" : Long.toString(memory);
    }

    boolean any() {
        return !equals(NONE);
    }

    /// The controllers of control groups that enforce these.
    List<String> controllers() {
        List<String> controllers = new ArrayList<>();
        if (memory != 0) {
            controllers.add("memory");
        }
        if (cpuShares != 0 || cpuPeriod != 0 || cpuQuota != 0) {
            controllers.add("cpu");
        }
        if (!cpusetCpus.isEmpty() || !cpusetMems.isEmpty()) {
            controllers.add("cpuset");
        }
        return controllers;
    }
}
