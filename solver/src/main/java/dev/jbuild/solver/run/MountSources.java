package dev.jbuild.solver.run;

import dev.jbuild.layerstore.kernel.FileCopy;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.solver.file.FileActions;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.sandbox.Sandbox;
import dev.jbuild.solver.sandbox.Workspace;
import dev.jbuild.solver.secret.SecretFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What stands behind the mounts of one process, until it has ended.
final class MountSources implements AutoCloseable {
    private final Workspace work;
    private final CacheMounts caches;
    private final OpInputs inputs;
    private final List<CacheMounts.Lease> leases;
    private final boolean copied;
    private final SecretFiles secrets;
    private final List<Path> mounted = new ArrayList<>();
    private int binds;

    /// @param leases takes the cache mounts that are in use
    /// @param copied whether the process gets copies and, of cache mounts, the directory itself
    MountSources(
            Workspace work,
            CacheMounts caches,
            OpInputs inputs,
            List<CacheMounts.Lease> leases,
            boolean copied,
            SecretFiles secrets) {
        this.work = work;
        this.caches = caches;
        this.inputs = inputs;
        this.leases = leases;
        this.copied = copied;
        this.secrets = secrets;
    }

    List<Sandbox.SandboxMount> of(List<ExecMount> mounts) throws IOException, InterruptedException {
        List<Sandbox.SandboxMount> sources = new ArrayList<>();
        // Locked cache mounts are taken in the order of their names: no two processes wait for each other's.
        List<ExecMount> ordered = new ArrayList<>(mounts);
        ordered.sort(Comparator.comparing(mount -> mount instanceof ExecMount.Cache cache ? cache.id() : ""));
        for (ExecMount mount : ordered) {
            Sandbox.SandboxMount source = switch (mount) {
                case ExecMount.Bind bind -> bind(bind);
                case ExecMount.Cache cache -> cache(cache);
                case ExecMount.Tmpfs tmpfs -> new Sandbox.SandboxMount.Tmpfs(tmpfs.target(), tmpfs.size());
                case ExecMount.Secret secret -> secrets.file(secret);
                case ExecMount.Ssh ssh -> secrets.socket(ssh);
            };
            if (source != null) {
                sources.add(source);
            }
        }
        return sources;
    }

    private Sandbox.SandboxMount bind(ExecMount.Bind bind) throws IOException, InterruptedException {
        Path source = source(bind);
        if (bind.readOnly() || copied) {
            return new Sandbox.SandboxMount.Bind(source, bind.target(), bind.readOnly());
        }
        // What the process writes is thrown away: it goes into the upper directory of an overlay, or into a copy.
        if (Files.isDirectory(source)) {
            Path place = Files.createDirectories(work.large().resolve("bind-" + binds++));
            Path upper = Files.createDirectory(place.resolve("upper"));
            Path overlayWork = Files.createDirectory(place.resolve("work"));
            Path merged = Files.createDirectory(place.resolve("merged"));
            try {
                Kernel.mountOverlay(List.of(source), upper, overlayWork, merged);
                mounted.add(merged);
            } catch (KernelException e) {
                // The store lies where overlay cannot write.
                Files.delete(merged);
                FileCopy.tree(source, merged);
            }
            return new Sandbox.SandboxMount.Bind(merged, bind.target(), false);
        }
        Path copy = work.large().resolve("bind-" + binds++ + "-file");
        Files.copy(source, copy);
        return new Sandbox.SandboxMount.Bind(copy, bind.target(), false);
    }

    private Path source(ExecMount mount) throws IOException, InterruptedException {
        if (mount.input() == Op.NONE) {
            return Files.createDirectories(work.large().resolve("empty"));
        }
        return inputs.path(mount.input(), mount.source());
    }

    private Sandbox.SandboxMount cache(ExecMount.Cache cache) throws IOException, InterruptedException {
        CacheMounts.Lease lease = caches.take(cache, copied, directory -> {
            if (cache.input() != Op.NONE) {
                FileAction all = new FileAction.Copy(
                        0, cache.source(), "/", false, false, false, false, "/", List.of(), null, null);
                FileActions.apply(directory, List.of(all), index -> inputs.tree(cache.input()));
            }
        });
        leases.add(lease);
        return new Sandbox.SandboxMount.Bind(lease.directory(), cache.target(), cache.readOnly());
    }

    @Override
    public void close() throws IOException {
        for (Path mount : mounted.reversed()) {
            Kernel.detachMount(mount);
        }
    }
}
