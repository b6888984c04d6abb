package dev.jbuild.solver.sandbox;

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
    private static final int MOST_ROUNDS = 50;
    /// The session's place among the fields after the program's name.
    private static final int SESSION = 3;

    private Sessions() {}

    /// Kills every process of the session that this process began, and those that began another but have this
    /// directory as their root.
    static void end(long leader, Path root) {
        end(process -> session(process) == leader || isIn(process, root));
    }

    /// Kills every process that has this directory as its root.
    static void endIn(Path root) {
        end(process -> isIn(process, root));
    }

    private static boolean isIn(Path process, Path root) {
        try {
            // What the link says means nothing here if the process has a mount namespace of its own.
            return Files.isSameFile(process.resolve("root"), root);
        } catch (IOException e) {
            // It has just ended, or is none of this user's.
            return false;
        }
    }

    /// What is killed may have started others that were not seen.
    private static void end(Predicate<Path> wanted) {
        boolean any = true;
        for (int round = 0; any && round < MOST_ROUNDS; round++) {
            any = endSeen(wanted);
        }
    }

    private static boolean endSeen(Predicate<Path> wanted) {
        boolean any = false;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (wanted.test(process)) {
                    Kernel.kill(Long.parseLong(process.getFileName().toString()), KILL);
                    any = true;
                }
            }
            return any;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The process's session, 0 if it has ended.
    private static long session(Path process) {
        try {
            String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
            // The second field is a name that may hold anything.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean over = fields[0].equals("Z") || fields[0].equals("X");
            return fields.length > SESSION && !over ? Long.parseLong(fields[SESSION]) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
