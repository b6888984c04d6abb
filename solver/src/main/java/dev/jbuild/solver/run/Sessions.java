package dev.jbuild.solver.run;

import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Ends what a process left running, where it had no process namespace that ends with it.
final class Sessions {
    private static final int KILL = 9;
    /// The session's place among the fields after the program's name.
    private static final int SESSION = 3;

    private Sessions() {}

    /// Kills every process of the session that this process began, but not those that began another.
    static void end(long leader) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (session(process) == leader) {
                    Kernel.kill(Long.parseLong(process.getFileName().toString()), KILL);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The process's session, 0 if it has just ended.
    private static long session(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The second field is a name that may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields.length > SESSION ? Long.parseLong(fields[SESSION]) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
