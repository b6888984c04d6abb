package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Content hashes of the files of one build context, kept between builds: a file whose size, times, inode and mode
/// are what they were is not read again.
///
/// A cache and no more: an index that is missing, damaged or about another directory is an empty one. For use by any
/// number of threads.
///
/// On disk: magic, hash of the directory's path, generation, number of records; the records; a CRC-32C of all that. A
/// record is found by the hash of its path, and believed only if everything else in it fits too.
final class StatIndex {
    private static final long MAGIC = 0x6a62_7374_6174_0001L;
    private static final int HEADER = 24;
    private static final int CHECKSUM = 4;
    private static final int MODE = 48;
    private static final int GENERATION = 52;
    private static final int CONTENT = 56;
    private static final int RECORD = 88;
    /// Records of files that so many saves did not meet are dropped.
    private static final int OLDEST = 16;
    /// The kernel stamps files with a clock that advances in steps of up to ten milliseconds.
    private static final long GRAIN_MILLIS = 50;

    private final Path file;
    private final long directory;
    private final Instant trusted;
    private final ByteBuffer old;
    private final int count;
    private final int generation;
    /// Record number plus one at its hash, or the next free place after it.
    private final int[] table;

    private final boolean[] met;
    private final Map<String, Fresh> fresh = new ConcurrentHashMap<>();

    private record Fresh(Stat stat, byte[] content) {}

    private StatIndex(Path file, long directory, Instant now, ByteBuffer old) {
        this.file = file;
        this.directory = directory;
        this.trusted = now.minusMillis(GRAIN_MILLIS);
        this.old = old;
        this.generation = old.capacity() == 0 ? 0 : old.getInt(16);
        this.count = old.capacity() == 0 ? 0 : old.getInt(20);
        this.met = new boolean[count];
        this.table = new int[Integer.highestOneBit(count + 1) << 2];
        for (int i = 0; i < count; i++) {
            int place = place(old.getLong(HEADER + i * RECORD));
            while (table[place] != 0) {
                place = place + 1 & table.length - 1;
            }
            table[place] = i + 1;
        }
    }

    /// Reads the index of this directory.
    static StatIndex read(Path file, Path directory) {
        return read(file, directory, fileSystemTime(file));
    }

    /// The time now, as files are stamped; the beginning of time if none can be written here.
    private static Instant fileSystemTime(Path file) {
        Path probe = temporary(file);
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(probe, new byte[0]);
            return Files.getLastModifiedTime(probe).toInstant();
        } catch (IOException e) {
            // Then the index cannot be saved either.
            return Instant.EPOCH;
        } finally {
            delete(probe);
        }
    }

    private static void delete(Path probe) {
        try {
            Files.deleteIfExists(probe);
        } catch (IOException e) {
            // It will be swept by the next save.
            return;
        }
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName()
                .toString()
                .concat(".")
                .concat(Long.toString(ProcessHandle.current().pid())));
    }

    /// @param now a file must have changed before that for its hash to be kept: one that changes within the clock's
    ///     grain could change again unseen
    static StatIndex read(Path file, Path directory, Instant now) {
        long identity = hash(directory.toString());
        ByteBuffer old;
        try {
            old = ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (IOException e) {
            // Not there, as a rule. Whatever else it may be, the files can be read instead.
            old = ByteBuffer.allocate(0);
        }
        return new StatIndex(file, identity, now, isSound(old, identity) ? old : ByteBuffer.allocate(0));
    }

    private static boolean isSound(ByteBuffer index, long directory) {
        int size = index.capacity();
        if (size < HEADER + CHECKSUM || index.getLong(0) != MAGIC || index.getLong(8) != directory) {
            return false;
        }
        int records = index.getInt(20);
        return records >= 0
                && size == HEADER + (long) records * RECORD + CHECKSUM
                && index.getInt(size - CHECKSUM) == checksum(index.array(), size - CHECKSUM);
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /// The content hash of this file, or null if it must be read.
    ///
    /// @param entry the file, with its path in the context
    byte @Nullable [] find(TreeEntry entry) {
        long hash = hash(entry.name());
        for (int place = place(hash); table[place] != 0; place = place + 1 & table.length - 1) {
            int record = table[place] - 1;
            int at = HEADER + record * RECORD;
            if (old.getLong(at) == hash && fits(at, entry.stat())) {
                met[record] = true;
                byte[] content = new byte[RECORD - CONTENT];
                old.get(at + CONTENT, content);
                return content;
            }
        }
        Fresh known = fresh.get(entry.name());
        return known != null && known.stat.equals(entry.stat()) ? known.content : null;
    }

    private boolean fits(int at, Stat stat) {
        return old.getLong(at + 8) == stat.ino()
                && old.getLong(at + 16) == stat.dev()
                && old.getLong(at + 24) == stat.size()
                && old.getLong(at + 32) == nanos(stat.mtimeSeconds(), stat.mtimeNanos())
                && old.getLong(at + 40) == nanos(stat.ctimeSeconds(), stat.ctimeNanos())
                && old.getInt(at + MODE) == stat.mode();
    }

    /// Times far from our own overflow, all of them in the same way.
    private static long nanos(long seconds, int nanos) {
        return seconds * 1_000_000_000L + nanos;
    }

    /// Remembers what was read.
    void add(TreeEntry entry, byte[] content) {
        fresh.put(entry.name(), new Fresh(entry.stat(), content));
    }

    /// Writes the index, if something was read that later builds need not read again.
    void save() throws IOException {
        if (fresh.isEmpty()) {
            return;
        }
        fresh.values().removeIf(read -> !isTrusted(read.stat));
        if (fresh.isEmpty()) {
            return;
        }
        ByteBuffer written = ByteBuffer.allocate(HEADER + (count + fresh.size()) * RECORD + CHECKSUM);
        written.putLong(MAGIC).putLong(directory).putInt(generation + 1).position(HEADER);
        ConcurrentHashMap<Long, Boolean> replaced = new ConcurrentHashMap<>();
        fresh.forEach((path, read) -> {
            replaced.put(hash(path), true);
            put(written, hash(path), read);
        });
        for (int i = 0; i < count; i++) {
            int at = HEADER + i * RECORD;
            int last = met[i] ? generation + 1 : old.getInt(at + GENERATION);
            if (generation + 1 - last <= OLDEST && !replaced.containsKey(old.getLong(at))) {
                written.put(old.array(), at, RECORD);
                written.putInt(written.position() - RECORD + GENERATION, last);
            }
        }
        written.putInt(20, (written.position() - HEADER) / RECORD);
        written.putInt(checksum(written.array(), written.position()));
        publish(written);
    }

    private void put(ByteBuffer out, long hash, Fresh read) {
        Stat stat = read.stat;
        out.putLong(hash).putLong(stat.ino()).putLong(stat.dev()).putLong(stat.size());
        out.putLong(nanos(stat.mtimeSeconds(), stat.mtimeNanos()));
        out.putLong(nanos(stat.ctimeSeconds(), stat.ctimeNanos()));
        out.putInt(stat.mode()).putInt(generation + 1).put(read.content);
    }

    /// Whether the file changed long enough ago for its next change to show in its times.
    private boolean isTrusted(Stat stat) {
        return Instant.ofEpochSecond(stat.mtimeSeconds(), stat.mtimeNanos()).isBefore(trusted)
                && Instant.ofEpochSecond(stat.ctimeSeconds(), stat.ctimeNanos()).isBefore(trusted);
    }

    private void publish(ByteBuffer written) throws IOException {
        Path parent = Objects.requireNonNull(file.toAbsolutePath().getParent(), "an index lies in a directory");
        Files.createDirectories(parent);
        sweep(parent);
        Path temporary = temporary(file);
        try {
            // Not synced: a torn index fails its checksum, and costs one build some reading.
            try (var out = Files.newOutputStream(temporary)) {
                out.write(written.array(), 0, written.position());
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("cannot rename " + temporary + " within its own directory", e);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// Removes what processes that were killed here left behind.
    private void sweep(Path parent) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, file.getFileName() + ".*")) {
            for (Path temporary : left) {
                String pid = temporary.toString().substring(temporary.toString().lastIndexOf('.') + 1);
                if (pid.matches("[0-9]{1,18}")
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    Files.deleteIfExists(temporary);
                }
            }
        }
    }

    private int place(long hash) {
        return (int) (hash ^ hash >>> 32) & table.length - 1;
    }

    /// FNV-1a over the characters, stirred at the end.
    private static long hash(String path) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < path.length(); i++) {
            hash = (hash ^ path.charAt(i)) * 0x100000001b3L;
        }
        hash ^= hash >>> 32;
        hash *= 0x9e3779b97f4a7c15L;
        return hash ^ hash >>> 29;
    }
}
