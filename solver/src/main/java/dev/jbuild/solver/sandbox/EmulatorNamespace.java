package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Capability;
import dev.jbuild.layerstore.kernel.Kernel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/// A user namespace with a table of program formats of its own, which kernels have had since 6.7: an emulator that is
/// registered in it runs whatever is started in it, and nothing else on the machine.
///
/// A process holds it open for as long as this process lives and does not close it.
final class EmulatorNamespace implements AutoCloseable {
    private static final String READY = "jbuild: ready";
    private static final String REFUSED = "jbuild: refused";
    /// Ends with its input.
    private static final String UNSHARED = "echo 'jbuild: ready'; read -r go || :";
    private static final String REGISTER = """
            exec 2>&1
            mount -t binfmt_misc binfmt_misc "$1" || { echo 'jbuild: refused'; exit 1; }
            echo 'jbuild: ready'
            while read -r line; do
              if printf %s "$line" > "$1/register"; then echo 'jbuild: ready'; else echo 'jbuild: refused'; fi
            done
            """;

    private final Holder holder;
    private final Path directory;
    private final Sandbox.UserNamespace namespace;

    private EmulatorNamespace(Holder holder, Path directory, Sandbox.UserNamespace namespace) {
        this.holder = holder;
        this.directory = directory;
        this.namespace = namespace;
    }

    /// Makes the namespace, with the users and groups of this one.
    ///
    /// @param directory an empty one, which is removed when the namespace is closed
    /// @throws SandboxException with the reason, if this kernel or this machine does not allow it
    static EmulatorNamespace open(Programs programs, Path directory) throws IOException, InterruptedException {
        try {
            List<Sandbox.IdRange> users = ranges(Path.of("/proc/self/uid_map"));
            List<Sandbox.IdRange> groups = ranges(Path.of("/proc/self/gid_map"));
            List<String> made = new ArrayList<>(List.of(programs.need("setpriv").toString(), "--pdeathsig", "KILL"));
            made.addAll(owner(users));
            made.addAll(List.of(programs.need("unshare").toString(), "--user"));
            made.addAll(List.of(programs.need("sh").toString(), "-c", UNSHARED));
            // Who is nobody yet when it starts has no rights in the namespace, so that another one makes the table.
            try (Holder maker = Holder.start(made, directory)) {
                maker.answer();
                map("uid_map", maker.process(), users);
                map("gid_map", maker.process(), groups);
                List<String> held =
                        new ArrayList<>(namespace(maker, users, groups).entry(programs));
                held.addAll(List.of(programs.need("setpriv").toString(), "--pdeathsig", "KILL"));
                held.addAll(List.of(programs.need("unshare").toString(), "--mount"));
                held.addAll(List.of(programs.need("sh").toString(), "-c", REGISTER, "sh", directory.toString()));
                Holder holder = Holder.start(held, directory);
                try {
                    holder.answer();
                    return new EmulatorNamespace(holder, directory, namespace(holder, users, groups));
                } catch (IOException | RuntimeException e) {
                    holder.close();
                    throw e;
                }
            }
        } catch (IOException | RuntimeException e) {
            Kernel.removeTree(directory);
            throw e;
        }
    }

    /// Whoever makes a user namespace has every right over it. Processes of RUN are often of the number that this one
    /// has, so the namespace is made by a number that none of them has.
    private static List<String> owner(List<Sandbox.IdRange> users) {
        if (Kernel.hasOneUser() || !Kernel.has(Capability.SYS_ADMIN)) {
            return List.of();
        }
        Sandbox.IdRange last = users.getLast();
        // On some machines this takes a right, which is lost with the number if it is not held on to.
        return List.of(
                "--reuid",
                Long.toString(last.first() + last.count() - 1),
                "--inh-caps",
                "+sys_admin",
                "--ambient-caps",
                "+sys_admin");
    }

    private static Sandbox.UserNamespace namespace(
            Holder holder, List<Sandbox.IdRange> users, List<Sandbox.IdRange> groups) {
        return new Sandbox.UserNamespace(Path.of("/proc/" + holder.process().pid() + "/ns/user"), users, groups);
    }

    /// Registers an emulator.
    void register(Processor processor, Path emulator) throws IOException {
        holder.tell(processor.registration(emulator.toString()));
        holder.answer();
    }

    /// What a process has to join.
    Sandbox.UserNamespace namespace() {
        return namespace;
    }

    private static void map(String file, Process process, List<Sandbox.IdRange> ranges) {
        StringBuilder lines = new StringBuilder();
        ranges.forEach(range -> lines.append(range.first())
                .append(' ')
                .append(range.first())
                .append(' ')
                .append(range.count())
                .append('\n'));
        try {
            Files.writeString(
                    Path.of("/proc/" + process.pid() + "/" + file),
                    lines,
                    StandardCharsets.US_ASCII,
                    StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new SandboxException("its users cannot be mapped: " + e.getMessage());
        }
    }

    private static List<Sandbox.IdRange> ranges(Path map) throws IOException {
        List<Sandbox.IdRange> ranges = new ArrayList<>();
        for (String line : Files.readAllLines(map, StandardCharsets.US_ASCII)) {
            String[] numbers = line.strip().split("\\s+", -1);
            long count = Long.parseLong(numbers[2]);
            // By a map of all numbers runtimes know the machine's own namespace, and this one is not.
            ranges.add(new Sandbox.IdRange(Long.parseLong(numbers[0]), Math.min(count, 0xffff_fffeL)));
        }
        return ranges;
    }

    /// Lets go of the namespace, which ends with the last process in it.
    @Override
    public void close() {
        holder.close();
        try {
            Kernel.removeTree(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A process in the namespace, which is told things, and answers, a line each.
    private record Holder(Process process, BufferedReader said, Writer told) implements AutoCloseable {
        static Holder start(List<String> command, Path directory) throws IOException, InterruptedException {
            // Its errors are its last words where they are the reason.
            Process process = Children.start(joined(command), directory, environment -> {});
            return new Holder(
                    process, process.inputReader(StandardCharsets.UTF_8), process.outputWriter(StandardCharsets.UTF_8));
        }

        private static List<String> joined(List<String> command) {
            List<String> whole = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>&1", "sh"));
            whole.addAll(command);
            return whole;
        }

        void tell(String line) throws IOException {
            told.write(line + '\n');
            told.flush();
        }

        void answer() throws IOException {
            List<String> lines = new ArrayList<>();
            for (String line = said.readLine(); !READY.equals(line); line = said.readLine()) {
                if (line == null || line.equals(REFUSED)) {
                    throw new SandboxException(
                            lines.isEmpty() ? "the kernel allows no user namespace" : lines.getLast());
                }
                lines.add(line);
            }
        }

        @Override
        public void close() {
            try (told) {
                // It reads the end of its input.
            } catch (IOException e) {
                // It ended before.
            }
            boolean interrupted = false;
            while (process.isAlive()) {
                try {
                    process.waitFor();
                } catch (InterruptedException e) {
                    interrupted = true;
                    process.destroyForcibly();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
