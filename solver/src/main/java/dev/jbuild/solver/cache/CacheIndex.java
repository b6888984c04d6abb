package dev.jbuild.solver.cache;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.graph.KeyPart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// From cache keys to results: one small file a key, `<aa>/<hex of the key>` below the cache directory.
///
/// Safe for any number of threads and processes: a record is written beside its place and renamed into it. A record
/// that cannot be read is a miss. The file's modification time is when the record was last used.
public final class CacheIndex {
    private static final int MAGIC = 0x6a626b31; // jbk1
    private static final Duration USE_IS_FRESH = Duration.ofMinutes(10);

    private final Path directory;

    /// @param directory the cache directory of a layer store
    public CacheIndex(Path directory) {
        this.directory = directory;
    }

    /// The record under this key, and marks it as used.
    public Optional<CacheRecord> find(CacheKey key) {
        Path file = file(key.digest());
        Optional<CacheRecord> found = read(file);
        if (found.isPresent()) {
            touch(file);
        }
        return found;
    }

    /// Stores a record under this key; an older one is replaced.
    public void put(CacheKey key, CacheRecord cacheRecord) {
        Path file = file(key.digest());
        Path parent = directoryOf(file);
        Path temporary = parent.resolve("." + file.getFileName() + "."
                + ProcessHandle.current().pid() + "." + Thread.currentThread().threadId());
        try {
            try {
                Files.write(temporary, encode(cacheRecord));
            } catch (NoSuchFileException e) {
                makeDirectory(parent);
                Files.write(temporary, encode(cacheRecord));
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the cache record " + file, e);
        }
    }

    /// Every readable record, with its key's digest.
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory, 2)) {
            for (Path file : files.filter(CacheIndex::isRecord).toList()) {
                Optional<CacheRecord> found = read(file);
                if (found.isPresent()) {
                    entries.add(new Entry(
                            new Digest(file.getFileName().toString()),
                            found.get(),
                            Files.getLastModifiedTime(file).toInstant(),
                            Files.size(file)));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the cache records in " + directory, e);
        }
        return entries;
    }

    /// Forgets what is stored under this key.
    public void remove(Digest key) {
        try {
            Files.deleteIfExists(file(key));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the cache record " + file(key), e);
        }
    }

    /// A record and its place.
    ///
    /// @param bytes the size of the record itself
    public record Entry(Digest key, CacheRecord cacheRecord, Instant lastUsed, long bytes) {}

    private static boolean isRecord(Path file) {
        return file.getFileName().toString().matches("[0-9a-f]{64}");
    }

    private Path file(Digest key) {
        return directory.resolve(key.hex().substring(0, 2)).resolve(key.hex());
    }

    private Path directoryOf(Path file) {
        return directory.resolve(file.getFileName().toString().substring(0, 2));
    }

    private static void makeDirectory(Path parent) throws IOException {
        try {
            Files.createDirectories(parent);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(parent + " is in the way: it is not a directory", e);
        }
    }

    private static void touch(Path file) {
        try {
            FileTime now = FileTime.from(Instant.now());
            if (Files.getLastModifiedTime(file)
                    .toInstant()
                    .isBefore(now.toInstant().minus(USE_IS_FRESH))) {
                Files.setLastModifiedTime(file, now);
            }
        } catch (NoSuchFileException e) {
            // Pruned by another process in this moment; what was read stays valid.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot mark the cache record " + file + " as used", e);
        }
    }

    private static Optional<CacheRecord> read(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the cache record " + file, e);
        }
        return decode(bytes);
    }

    private static byte[] encode(CacheRecord cacheRecord) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        text(out, cacheRecord.result().identity());
        out.writeInt(cacheRecord.result().layers().size());
        for (SnapshotId layer : cacheRecord.result().layers()) {
            text(out, layer.value());
        }
        text(out, cacheRecord.name());
        out.writeLong(cacheRecord.duration().toNanos());
        out.writeInt(cacheRecord.parts().size());
        for (KeyPart part : cacheRecord.parts()) {
            text(out, part.name());
            text(out, part.value());
        }
        // The record says itself whether it is whole: a power cut may leave a file that is not.
        byte[] body = bytes.toByteArray();
        byte[] sum = Digest.newSha256().digest(body);
        byte[] whole = Arrays.copyOf(body, body.length + sum.length);
        System.arraycopy(sum, 0, whole, body.length, sum.length);
        return whole;
    }

    private static Optional<CacheRecord> decode(byte[] bytes) {
        if (bytes.length < 36) {
            return Optional.empty();
        }
        byte[] body = Arrays.copyOf(bytes, bytes.length - 32);
        byte[] sum = Arrays.copyOfRange(bytes, bytes.length - 32, bytes.length);
        if (!Arrays.equals(sum, Digest.newSha256().digest(body))) {
            return Optional.empty();
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            if (in.readInt() != MAGIC) {
                return Optional.empty();
            }
            String identity = text(in);
            List<SnapshotId> layers = new ArrayList<>();
            for (int count = in.readInt(); count > 0; count--) {
                layers.add(new SnapshotId(text(in)));
            }
            String name = text(in);
            Duration duration = Duration.ofNanos(in.readLong());
            List<KeyPart> parts = new ArrayList<>();
            for (int count = in.readInt(); count > 0; count--) {
                parts.add(new KeyPart(text(in), text(in)));
            }
            return Optional.of(new CacheRecord(new Result(identity, layers), name, parts, duration));
        } catch (IOException | IllegalArgumentException e) {
            // Whole but not readable: written by another version.
            return Optional.empty();
        }
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("length out of range: " + length);
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
