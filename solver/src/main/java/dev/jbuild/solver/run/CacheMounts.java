package dev.jbuild.solver.run;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.solver.graph.ExecMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/// The directories of cache mounts, which outlive builds: `mounts/<id>/fs`, found by the mount's `id` alone.
final class CacheMounts {
    private final LayerStore store;

    CacheMounts(LayerStore store) {
        this.store = store;
    }

    /// A cache directory in use.
    ///
    /// @param lock held for as long as the sharing mode asks for
    record Lease(Path directory, Optional<StoreLock> lock) implements AutoCloseable {
        @Override
        public void close() {
            lock.ifPresent(StoreLock::close);
        }
    }

    /// What a new cache directory is filled with.
    interface Seed {
        void fill(Path directory) throws IOException, InterruptedException;
    }

    /// Takes the directory of a cache mount, made and filled if it is new. A locked one is waited for; of a private
    /// one that is busy, another is taken.
    ///
    /// @param alone whether only one process at a time can use a directory, even a shared one
    Lease take(ExecMount.Cache mount, boolean alone, Seed seed) throws IOException, InterruptedException {
        String name = name(mount.id());
        return switch (mount.sharing()) {
            case SHARED ->
                alone
                        ? leased(name, mount, seed, store.lock("mount-" + name))
                        : new Lease(directory(name, mount, seed), Optional.empty());
            case LOCKED -> leased(name, mount, seed, store.lock("mount-" + name));
            case PRIVATE -> {
                for (int copy = 0; ; copy++) {
                    String each = copy == 0 ? name : name + "-" + copy;
                    Optional<StoreLock> lock = store.tryLock("mount-" + each);
                    if (lock.isPresent()) {
                        yield leased(each, mount, seed, lock.get());
                    }
                }
            }
        };
    }

    private Lease leased(String name, ExecMount.Cache mount, Seed seed, StoreLock lock)
            throws IOException, InterruptedException {
        try {
            return new Lease(directory(name, mount, seed), Optional.of(lock));
        } catch (IOException | InterruptedException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private Path directory(String name, ExecMount.Cache mount, Seed seed) throws IOException, InterruptedException {
        Path place = store.mountsDir().resolve(name);
        Path directory = place.resolve("fs");
        if (Files.isDirectory(directory)) {
            return directory;
        }
        try (StoreLock _ = store.lock("make-mount-" + name)) {
            if (Files.isDirectory(directory)) {
                return directory;
            }
            Path temporary = store.newTempDir("mount");
            Path fresh = Files.createDirectory(temporary.resolve("fs"));
            seed.fill(fresh);
            Kernel.chown(fresh, mount.uid(), mount.gid());
            Kernel.chmod(fresh, mount.mode());
            Files.writeString(temporary.resolve("id"), mount.id());
            Files.createDirectories(store.mountsDir());
            // A process that was killed while it had the directory to itself left the rest.
            boolean lost = Files.isDirectory(place);
            Files.move(lost ? fresh : temporary, lost ? directory : place, StandardCopyOption.ATOMIC_MOVE);
            return directory;
        }
    }

    private static String name(String id) {
        return Digest.of(id.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32);
    }
}
