package dev.jbuild.solver.run;

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

/// A user namespace with a table of program formats of its own, which kernels have had since 6.7: an
/// emulator that is registered in it runs whatever is started in it, and nothing else on the machine.
///
/// A process holds it open for as long as this process lives and does not close it.
final class EmulatorNamespace implements AutoCloseable {
    private static final String UNSHARED = "jbuild: unshared";
    private static final String READY = "jbuild: ready";
    private static final String REFUSED = "jbuild: refused";
    /// Rights in the new namespace come with the second shell: the first one was started before its
    /// user had a number.
    private static final String HOLD = """
            echo 'jbuild: unshared'
            read -r go || exit 0
            exec sh -c "$2" sh "$1" 2>&1
            """;
    private static final String REGISTER = """
            mount -t binfmt_misc binfmt_misc "$1" || { echo 'jbuild: refused'; exit 1; }
            echo 'jbuild: ready'
            while read -r line; do
              if printf %s "$line" > "$1/register"; then echo 'jbuild: ready'; else echo 'jbuild: refused'; fi
            done
            """;

    private final Process holder;
    private final Path directory;
    private final BufferedReader said;
    private final Writer told;
    private final Sandbox.UserNamespace namespace;

    private EmulatorNamespace(Process holder, Path directory) throws IOException {
        this.holder = holder;
        this.directory = directory;
        this.said = holder.inputReader(StandardCharsets.UTF_8);
        this.told = holder.outputWriter(StandardCharsets.UTF_8);
        this.namespace = new Sandbox.UserNamespace(
                Path.of("/proc/" + holder.pid() + "/ns/user"),
                ranges(Path.of("/proc/self/uid_map")),
                ranges(Path.of("/proc/self/gid_map")));
    }

    /// Makes the namespace, with the users and groups of this one.
    ///
    /// @param directory an empty one, which is removed when the namespace is closed
    /// @throws SandboxException with the reason, if this kernel or this machine does not allow it
    static EmulatorNamespace open(Programs programs, Path directory) throws IOException, InterruptedException {
        Process holder = Children.start(
                List.of(
                        programs.need("setpriv").toString(),
                        "--pdeathsig",
                        "KILL",
                        programs.need("unshare").toString(),
                        "--user",
                        "--mount",
                        "sh",
                        "-c",
                        HOLD,
                        "sh",
                        directory.toString(),
                        REGISTER),
                directory,
                environment -> {});
        EmulatorNamespace opened = new EmulatorNamespace(holder, directory);
        try {
            opened.answer(UNSHARED);
            map("uid_map", holder, opened.namespace.users());
            map("gid_map", holder, opened.namespace.groups());
            opened.tell("go");
            opened.answer(READY);
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /// Registers an emulator.
    void register(Processor processor, Path emulator) throws IOException {
        tell(processor.registration(emulator.toString()));
        answer(READY);
    }

    /// What a process has to join.
    Sandbox.UserNamespace namespace() {
        return namespace;
    }

    private void tell(String line) throws IOException {
        told.write(line + '\n');
        told.flush();
    }

    private void answer(String expected) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line = said.readLine(); !expected.equals(line); line = said.readLine()) {
            if (line == null || line.equals(REFUSED)) {
                throw new SandboxException(lines.isEmpty() ? "the kernel allows no user namespace" : lines.getLast());
            }
            lines.add(line);
        }
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
        try (told) {
            // The holder reads the end of its input.
        } catch (IOException e) {
            // It ended before.
        }
        boolean interrupted = false;
        while (holder.isAlive()) {
            try {
                holder.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
                holder.destroyForcibly();
            }
        }
        try {
            Kernel.removeTree(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
