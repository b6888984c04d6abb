package dev.jbuild.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.Installation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The ways in which RUN is kept apart, each as a machine that has it would have it.
enum Rung {
    CRUN("oci"),
    RUNC("oci"),
    NAMESPACES("namespaces"),
    CHROOT("chroot");

    private final String isolation;

    Rung(String isolation) {
        this.isolation = isolation;
    }

    /// `jbuild build --progress=plain ARGUMENTS .` in the directory.
    Outcome build(Jbuild jbuild, Path directory, List<String> arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("build", "--progress=plain", "--isolation=" + isolation));
        all.addAll(arguments);
        all.add(".");
        ProcessBuilder builder = jbuild.prepare(directory, all);
        List<String> command = new ArrayList<>();
        if (this == CRUN || this == RUNC) {
            assumeTrue(program(this == CRUN ? "crun" : "runc"), () -> this + " is not installed");
        }
        if (this == RUNC) {
            // crun comes first wherever it is.
            command.addAll(List.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "crun=$(command -v crun) && mount --bind /dev/null \"$crun\"; exec \"$@\"",
                    "sh"));
        }
        command.addAll(builder.command());
        return Installation.start(directory, builder.environment(), command);
    }

    private static boolean program(String name) {
        return List.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin").stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }
}
