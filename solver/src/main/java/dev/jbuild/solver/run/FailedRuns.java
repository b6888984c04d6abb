package dev.jbuild.solver.run;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.sandbox.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The failed processes that a store remembers: a file for each, `failed/<build>-<id>`, whose snapshots it holds.
///
/// The snapshots are published before the file and removed after it, so that a killed build leaves at most snapshots
/// that nothing refers to.
public final class FailedRuns {
    /// So many can look at one at the same time.
    private static final int MOST_VISITORS = 8;

    private final LayerStore store;
    private final Path folder;

    public FailedRuns(LayerStore store) {
        this.store = store;
        this.folder = store.failedDir();
    }

    /// A record in the store.
    ///
    /// @param file where it is
    public record Entry(Path file, FailedRun run) {}

    /// Every record that can be read, the latest first.
    public List<Entry> list() {
        List<Path> files = new ArrayList<>(files(""));
        files.sort(Comparator.comparingLong(FailedRuns::modified).reversed());
        List<Entry> entries = new ArrayList<>();
        for (Path file : files) {
            read(file).ifPresent(run -> entries.add(new Entry(file, run)));
        }
        return entries;
    }

    private List<Path> files(String prefix) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, prefix + "*")) {
            found.forEach(files::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw StoreException.of(e, folder, "list the failed steps");
        }
        return files;
    }

    private static long modified(Path file) {
        return file.toFile().lastModified();
    }

    private static Optional<FailedRun> read(Path file) {
        try {
            return Optional.of(RecordJson.read(Files.readAllBytes(file), FailedRun.class));
        } catch (IOException | IllegalArgumentException e) {
            // Removed meanwhile, or written by another version of jbuild: the next build removes it.
            return Optional.empty();
        }
    }

    /// Remembers a failed process.
    ///
    /// @param build what tells its build from others
    /// @return whether it is the only one there is
    public boolean put(String build, FailedRun run) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(name(build) + run.id());
        store.publish(file, RecordJson.write(run));
        return files("").size() == 1;
    }

    private static String name(String build) {
        return Digest.of(build.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16) + "-";
    }

    /// Forgets what failed in earlier runs of this build, unless it is to be kept or somebody is looking at it.
    public void forget(String build) throws IOException {
        for (Path file : files(name(build))) {
            Optional<FailedRun> run = read(file);
            if (run.isEmpty()) {
                Files.deleteIfExists(file);
            } else if (!run.get().keep()) {
                remove(new Entry(file, run.get()));
            }
        }
    }

    private void remove(Entry entry) throws IOException {
        List<StoreLock> locks = new ArrayList<>();
        try {
            for (int visitor = 0; visitor < MOST_VISITORS; visitor++) {
                Optional<StoreLock> lock = store.tryLock(lockName(entry.run(), visitor));
                if (lock.isEmpty()) {
                    return;
                }
                locks.add(lock.get());
            }
            Files.deleteIfExists(entry.file());
            entry.run().own().forEach(store.snapshots()::remove);
        } finally {
            locks.forEach(StoreLock::close);
        }
    }

    private static String lockName(FailedRun run, int visitor) {
        return "failed-" + run.id() + "-" + visitor;
    }

    /// Keeps a record from being removed until the lock is closed.
    ///
    /// @throws SandboxException if too many look at it, or what it needs was removed
    StoreLock visit(FailedRun run) {
        for (int visitor = 0; visitor < MOST_VISITORS; visitor++) {
            Optional<StoreLock> lock = store.tryLock(lockName(run, visitor));
            if (lock.isPresent()) {
                Optional<SnapshotId> missing = run.needed()
                        .filter(id -> !store.snapshots().contains(id))
                        .findAny();
                if (missing.isPresent()) {
                    lock.get().close();
                    throw new SandboxException("the file system of failed step " + run.id()
                            + " is not in the store any more: build again");
                }
                return lock.get();
            }
        }
        throw new SandboxException(MOST_VISITORS + " shells are open in failed step " + run.id() + " already");
    }
}
