package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What the first bytes of a program's file say of it.
///
/// @param processor empty for scripts, and for processors that are not known
/// @param interpreted whether the kernel starts another file with it: a dynamic linker, or what `#!`
///     names
record Executable(Optional<Processor> processor, boolean interpreted) {
    private static final int INTERPRETER = 3;

    /// Reads a file that is there.
    static Executable read(Path file) throws IOException {
        try (SeekableByteChannel channel = FileChannel.open(file)) {
            ByteBuffer head = ByteBuffer.allocate(4096);
            while (head.hasRemaining() && channel.read(head) > 0) {
                // The program headers follow the file header in all that linkers write.
            }
            head.flip();
            boolean script = head.remaining() >= 2 && head.get(0) == '#' && head.get(1) == '!';
            return new Executable(Processor.of(head), script || hasInterpreter(head));
        }
    }

    private static boolean hasInterpreter(ByteBuffer head) {
        if (Processor.of(head).isEmpty() || head.remaining() < 64) {
            return false;
        }
        boolean wide = head.get(4) == 2;
        head.order(head.get(5) == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        long offset = wide ? head.getLong(32) : Integer.toUnsignedLong(head.getInt(28));
        int size = Short.toUnsignedInt(head.getShort(wide ? 54 : 42));
        int count = Short.toUnsignedInt(head.getShort(wide ? 56 : 44));
        for (long at = offset; count > 0 && at >= 0 && at + 4 <= head.limit(); at += size, count--) {
            if (head.getInt((int) at) == INTERPRETER) {
                return true;
            }
        }
        return false;
    }

    /// The program that a process would be started with, if it can be found below a root.
    static Optional<Executable> find(Path root, List<String> env, String cwd, String program) {
        List<String> places = program.startsWith("/")
                ? List.of(program)
                : program.contains("/") ? List.of(cwd + "/" + program) : onPath(env, program);
        for (String place : places) {
            try {
                Path file = Kernel.resolveInRoot(root, place);
                if (Files.isRegularFile(file)) {
                    return Optional.of(read(file));
                }
            } catch (IOException e) {
                // What cannot be followed or read says nothing of itself.
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static List<String> onPath(List<String> env, String program) {
        return env.stream()
                .filter(variable -> variable.startsWith("PATH="))
                .flatMap(variable -> java.util.Arrays.stream(
                        variable.substring("PATH=".length()).split(":", -1)))
                .map(directory -> directory + "/" + program)
                .toList();
    }
}
