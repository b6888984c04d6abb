package dev.jbuild.layerstore.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// One or more system calls and the native memory of their arguments, freed on close. For one thread.
///
/// Every call goes through one handle, because linking a handle costs start-up time and each shape costs again: the
/// C library's `syscall`, with all arguments as longs.
final class Syscall implements AutoCloseable {
    static final long AT_FDCWD = -100;

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment state = arena.allocate(Handle.STATE);

    /// Linked when the first call is made, and not before.
    private static final class Handle {
        static final StructLayout STATE = Linker.Option.captureStateLayout();
        static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        static final MethodHandle SYSCALL = link();

        private static MethodHandle link() {
            Linker linker = Linker.nativeLinker();
            ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
            return linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("syscall"),
                    FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                    Linker.Option.captureCallState("errno"));
        }
    }

    /// The call's result, or the negative error number. Repeated when a signal interrupted it.
    long call(Call call, long a1, long a2, long a3, long a4, long a5, long a6) {
        while (true) {
            long result;
            try {
                result = (long) Handle.SYSCALL.invokeExact(state, call.number(), a1, a2, a3, a4, a5, a6);
            } catch (Throwable e) {
                throw new AssertionError("a system call throws nothing", e);
            }
            if (result != -1) {
                return result;
            }
            int errno = (int) Handle.ERRNO.get(state, 0L);
            // A close that was interrupted has closed all the same.
            if (errno != Errno.EINTR.number() || call == Call.CLOSE) {
                return -errno;
            }
        }
    }

    long call(Call call, long a1, long a2, long a3, long a4) {
        return call(call, a1, a2, a3, a4, 0, 0);
    }

    long call(Call call, long a1, long a2) {
        return call(call, a1, a2, 0, 0, 0, 0);
    }

    /// The address of this text, with a zero byte after it.
    long text(byte[] text) {
        MemorySegment segment = arena.allocate(text.length + 1L);
        MemorySegment.copy(text, 0, segment, ValueLayout.JAVA_BYTE, 0, text.length);
        return segment.address();
    }

    long text(String text) {
        return arena.allocateFrom(text).address();
    }

    /// The address of a copy of these bytes.
    long bytes(byte[] bytes) {
        MemorySegment segment = arena.allocate(Math.max(1, bytes.length));
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment.address();
    }

    MemorySegment allocate(long size) {
        return arena.allocate(size, 8);
    }

    @Override
    public void close() {
        arena.close();
    }
}
