package dev.jbuild.solver.run;

import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;

/// Ends what a process left running, where it had no process namespace that ends with it.
final class Sessions {
    private static final int KILL = 9;
    /// The session's place among the fields after the program's name.
    private static final int SESSION = 3;

    private Sessions() {}

    /// Kills every process of the session that this process began, but not those that began another.
    static void end(long leader) {
        end(process -> session(process) == leader);
    }

    /// Kills every process that has this directory as its root.
    static void endIn(Path root) throws IOException {
        Path real = root.toRealPath();
        end(process -> isIn(process, real));
    }

    private static boolean isIn(Path process, Path root) {
        try {
            return Files.readSymbolicLink(process.resolve("root")).equals(root);
        } catch (IOException e) {
            // It has just ended, or is none of this user's.
            return false;
        }
    }

    private static void end(Predicate<Path> wanted) {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (wanted.test(process)) {
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
