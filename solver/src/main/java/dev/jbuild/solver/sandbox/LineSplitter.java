package dev.jbuild.solver.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Cuts a stream of bytes into lines of UTF-8 text, secrets masked. A line that never ends is cut at 64 KiB, but not
/// within a secret.
final class LineSplitter {
    private static final int LONGEST = 64 * 1024;

    private final Consumer<String> lines;
    private final Mask mask;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    LineSplitter(Consumer<String> lines, Mask mask) {
        this.lines = lines;
        this.mask = mask;
    }

    void add(byte[] bytes, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                pending.write(bytes, start, i - start);
                emit(0);
                start = i + 1;
            }
        }
        pending.write(bytes, start, length - start);
        if (pending.size() >= LONGEST + mask.longest()) {
            // What is left here may be how a secret begins.
            emit(Math.max(mask.longest() - 1, 0));
        }
    }

    void end() {
        if (pending.size() > 0) {
            emit(0);
        }
    }

    /// @param kept how many bytes to leave for the next line
    private void emit(int kept) {
        byte[] text = mask.apply(pending.toByteArray());
        int end = Math.max(text.length - kept, 0);
        pending.reset();
        pending.write(text, end, text.length - end);
        String line = new String(text, 0, end, StandardCharsets.UTF_8);
        lines.accept(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }
}
