package dev.jbuild.layerstore.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/// The size of a terminal in characters.
public record WindowSize(int columns, int rows) {
    private static final long TIOCGWINSZ = 0x5413;
    private static final long STRUCT_WINSIZE = 8;

    /// The size of the terminal that a file descriptor of this process leads to; null if it leads to none, or to one
    /// that does not know its size.
    public static @Nullable WindowSize of(int descriptor) {
        try (Syscall sys = new Syscall()) {
            MemorySegment size = sys.allocate(STRUCT_WINSIZE);
            if (sys.call(Call.IOCTL, descriptor, TIOCGWINSZ, size.address(), 0) < 0) {
                return null;
            }
            int rows = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, 2));
            return rows == 0 || columns == 0 ? null : new WindowSize(columns, rows);
        }
    }
}
