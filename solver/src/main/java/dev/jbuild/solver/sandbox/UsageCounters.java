package dev.jbuild.solver.sandbox;

import dev.jbuild.solver.event.ResourceUsage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// Reads what the processes of a control group used.
final class UsageCounters {
    private UsageCounters() {}

    /// A file of counters, and what stands before a number in it.
    private record Counter(String file, String word, long unit) {}

    // As the versions 1 and 2 of control groups have them.
    private static final List<Counter> PROCESSORS =
            List.of(new Counter("cpuacct.usage", "", 1000), new Counter("cpu.stat", "usage_usec ", 1));
    private static final List<Counter> MEMORY =
            List.of(new Counter("memory.max_usage_in_bytes", "", 1), new Counter("memory.peak", "", 1));
    private static final List<Counter> READ =
            List.of(new Counter("blkio.throttle.io_service_bytes", " Read ", 1), new Counter("io.stat", " rbytes=", 1));
    private static final List<Counter> WRITTEN = List.of(
            new Counter("blkio.throttle.io_service_bytes", " Write ", 1), new Counter("io.stat", " wbytes=", 1));

    /// @param directories of one group, one in each tree
    static ResourceUsage of(List<Path> directories) throws IOException {
        return new ResourceUsage(
                first(directories, PROCESSORS),
                first(directories, MEMORY),
                first(directories, READ),
                first(directories, WRITTEN));
    }

    private static OptionalLong first(List<Path> directories, List<Counter> counters) throws IOException {
        for (Counter counter : counters) {
            for (Path directory : directories) {
                OptionalLong sum = sum(directory.resolve(counter.file()), counter);
                if (sum.isPresent()) {
                    return sum;
                }
            }
        }
        return OptionalLong.empty();
    }

    /// One number for each device, or one alone.
    private static OptionalLong sum(Path file, Counter counter) throws IOException {
        if (!Files.exists(file)) {
            return OptionalLong.empty();
        }
        long sum = 0;
        boolean any = false;
        // Files of the kernel have no size.
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.US_ASCII)
                .lines()
                .toList()) {
            int at = line.indexOf(counter.word());
            if (at >= 0) {
                String number = line.substring(at + counter.word().length()).split(" ", 2)[0];
                sum += Long.parseLong(number) / counter.unit();
                any = true;
            }
        }
        return any ? OptionalLong.of(sum) : OptionalLong.empty();
    }
}
