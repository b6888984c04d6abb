package dev.jbuild.layerstore.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Native buffers for file content, used again: a fresh one would be zeroed and mapped for every small file.
final class Buffers {
    static final int SIZE = 128 << 10;

    private static final ConcurrentLinkedQueue<MemorySegment> FREE = new ConcurrentLinkedQueue<>();

    private Buffers() {}

    static MemorySegment take() {
        MemorySegment buffer = FREE.poll();
        // The garbage collector frees a buffer that is never given back.
        return buffer == null ? Arena.ofAuto().allocate(SIZE) : buffer;
    }

    static void give(MemorySegment buffer) {
        FREE.add(buffer);
    }
}
