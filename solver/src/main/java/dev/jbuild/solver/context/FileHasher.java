package dev.jbuild.solver.context;

import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Computes the SHA-256 of files, on all processors if there is enough to do.
final class FileHasher {
    /// Less than this is done before a second thread would be at work.
    private static final int FEW_FILES = 128;

    private static final long FEW_BYTES = 4 << 20;
    private static final int BUFFER = 128 << 10;

    private final List<Path> files;
    private final byte[][] digests;
    private final AtomicInteger next = new AtomicInteger();

    private FileHasher(List<Path> files) {
        this.files = files;
        this.digests = new byte[files.size()][];
    }

    /// The digests of the files, in their order.
    ///
    /// @param bytes how much there is to read, about
    static List<byte[]> hash(List<Path> files, long bytes) throws IOException, InterruptedException {
        FileHasher hasher = new FileHasher(files);
        boolean few = files.size() < FEW_FILES && bytes < FEW_BYTES;
        int threads = Math.min(Runtime.getRuntime().availableProcessors(), files.size());
        if (few || threads < 2) {
            try {
                hasher.work();
            } catch (ClosedByInterruptException e) {
                Thread.interrupted();
                throw interrupted(e);
            }
        } else {
            hasher.workOn(threads);
        }
        return Arrays.asList(hasher.digests);
    }

    private static InterruptedException interrupted(Exception cause) {
        InterruptedException interrupted = new InterruptedException("while hashing files");
        interrupted.initCause(cause);
        return interrupted;
    }

    // Platform threads: hashing never waits for long, and virtual ones measured slower.
    private void workOn(int threads) throws IOException, InterruptedException {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            Callable<@Nullable Void> work = this::work;
            for (Future<@Nullable Void> done : pool.invokeAll(Collections.nCopies(threads, work))) {
                done.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            throw new IllegalStateException("hashing failed", e.getCause());
        }
    }

    private @Nullable Void work() throws IOException {
        MessageDigest sha256 = Digest.newSha256();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try {
            for (int i = next.getAndIncrement(); i < digests.length; i = next.getAndIncrement()) {
                digests[i] = digest(files.get(i), sha256, buffer);
            }
        } catch (IOException | RuntimeException e) {
            // The others need not go on.
            next.set(digests.length);
            throw e;
        }
        return null;
    }

    private static byte[] digest(Path file, MessageDigest sha256, ByteBuffer buffer) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            buffer.clear();
            while (channel.read(buffer) >= 0) {
                sha256.update(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
        }
        return sha256.digest();
    }
}
