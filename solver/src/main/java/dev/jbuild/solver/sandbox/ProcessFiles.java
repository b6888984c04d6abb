package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Whether a process namespace can have a /proc of its own.
///
/// In a user namespace the kernel allows one only where all of another can be seen already. In a container
/// parts of that are masked as a rule, and then nobody there may have one without the masks.
public final class ProcessFiles {
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

    private ProcessFiles() {}

    /// Looks, and where something is mounted below /proc, tries.
    public static boolean canBeMounted(Programs programs) throws IOException, InterruptedException {
        return !Kernel.inUserNamespace() || !masked() || tried(programs);
    }

    private static boolean masked() throws IOException {
        return Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1).stream()
                .anyMatch(line -> line.split(" ", 6)[4].startsWith("/proc/"));
    }

    /// In a mount namespace of its own it can be mounted where it is.
    private static boolean tried(Programs programs) throws IOException, InterruptedException {
        List<String> command = List.of(
                programs.need("unshare").toString(),
                "--pid",
                "--fork",
                "--mount",
                programs.need("mount").toString(),
                "-n",
                "-t",
                "proc",
                "proc",
                "/proc");
        return Children.run(command, Path.of("/"), (stream, line) -> {}) == 0;
    }
}
