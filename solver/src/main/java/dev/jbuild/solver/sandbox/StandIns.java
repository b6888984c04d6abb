package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.FileCopy;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What stands in the place of mounts where nothing can be mounted: copies in the root file system itself. What was in
/// their places is set aside, and put back when the process has ended.
///
/// Cache mounts are not copied: their directory itself is moved there and back.
public final class StandIns implements AutoCloseable {
    private static final Map<String, Long> DEVICES = Map.of(
            "null", Stat.device(1, 3),
            "zero", Stat.device(1, 5),
            "full", Stat.device(1, 7),
            "random", Stat.device(1, 8),
            "urandom", Stat.device(1, 9),
            "tty", Stat.device(5, 0));
    /// What programs most often want to know of /proc, and what is the same for every process.
    private static final List<String> FACTS =
            List.of("cpuinfo", "filesystems", "loadavg", "meminfo", "stat", "uptime", "version");

    private final ActiveSnapshot active;
    private final Path aside;
    private final Path caches;
    private final List<StandIn> standing = new ArrayList<>();

    /// A place that was taken.
    ///
    /// @param in the directory of the place, by which it is found again whatever the process renamed
    /// @param place its path
    /// @param original where that was put which was in the place
    /// @param back where the stand-in itself belongs, if it is not a copy
    private record StandIn(
            OpenDirectory in,
            Path place,
            Path original,
            @Nullable Path back) {
        byte[] name() {
            return Kernel.nameOf(place);
        }
    }

    /// @param aside an empty directory on the file system of the root
    /// @param caches where the directories of cache mounts lie
    public StandIns(ActiveSnapshot active, Path aside, Path caches) {
        this.active = active;
        this.aside = aside;
        this.caches = caches;
    }

    /// Puts everything in its place: /dev, some of /proc, and these mounts, parents first.
    public void put(List<Sandbox.SandboxMount> mounts) throws IOException {
        stand("/dev", null, StandIns::devices);
        stand("/proc", null, StandIns::facts);
        for (Sandbox.SandboxMount mount : mounts) {
            switch (mount) {
                case Sandbox.SandboxMount.Bind(var source, var target, var readOnly) -> {
                    if (!readOnly && source.startsWith(caches)) {
                        moved(source, target);
                    } else {
                        stand(target, null, place -> copy(source, place));
                    }
                }
                case Sandbox.SandboxMount.Tmpfs(var target, var _) ->
                    stand(target, null, place -> directory(place, 01777));
            }
        }
    }

    private interface Filling {
        void at(Path place) throws IOException;
    }

    private void moved(Path cache, String target) throws IOException {
        if (!Files.isDirectory(cache)) {
            throw new SandboxException("the cache mount at " + target + " is mounted at another place of the same RUN"
                    + " already: without the right to mount it can be at one place only");
        }
        stand(target, cache, place -> Files.move(cache, place, StandardCopyOption.ATOMIC_MOVE));
    }

    private void stand(String target, @Nullable Path back, Filling filling) throws IOException {
        Path place = Kernel.resolveInRoot(active.path(), target);
        Path parent = place.getParent();
        if (parent == null || !place.startsWith(active.path())) {
            throw new IllegalArgumentException("no place to mount on: " + target);
        }
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            // Below another one, whose content is not the image's.
            MountPoints.make(place, true);
        }
        Path original = aside.resolve(String.valueOf(standing.size()));
        Unnoticed.in(active, parent, () -> {
            Files.move(place, original);
            standing.add(new StandIn(OpenDirectory.open(parent), place, original, back));
            filling.at(place);
        });
    }

    private static void devices(Path dev) throws IOException {
        directory(dev, 0755);
        for (Map.Entry<String, Long> device : DEVICES.entrySet()) {
            Path node = dev.resolve(device.getKey());
            try {
                Kernel.makeNode(node, Stat.CHARACTER_DEVICE | 0666, device.getValue());
                Kernel.chmod(node, 0666);
            } catch (KernelException e) {
                throw new SandboxException("/dev/" + device.getKey() + " cannot be made for RUN (" + e.name()
                        + "): without the right to mount, it needs CAP_MKNOD");
            }
        }
        Files.createSymbolicLink(dev.resolve("fd"), Path.of("/proc/self/fd"));
        Files.createSymbolicLink(dev.resolve("stdin"), Path.of("/proc/self/fd/0"));
        Files.createSymbolicLink(dev.resolve("stdout"), Path.of("/proc/self/fd/1"));
        Files.createSymbolicLink(dev.resolve("stderr"), Path.of("/proc/self/fd/2"));
        directory(dev.resolve("shm"), 01777);
    }

    private static void facts(Path proc) throws IOException {
        directory(proc, 0555);
        for (String fact : FACTS) {
            Path original = Path.of("/proc").resolve(fact);
            if (Files.isReadable(original)) {
                Files.write(proc.resolve(fact), Files.readAllBytes(original));
            }
        }
        Files.writeString(proc.resolve("mounts"), "rootfs / rootfs rw 0 0\n");
    }

    private static void directory(Path place, int permissions) throws IOException {
        Files.createDirectory(place);
        Kernel.chmod(place, permissions);
    }

    private static void copy(Path source, Path place) throws IOException {
        Stat stat = Kernel.stat(source.toRealPath());
        if (stat == null || stat.type() == Stat.SOCKET) {
            throw new SandboxException(
                    source + " cannot be shown to RUN: without the right to mount, there are no" + " sockets in it");
        }
        if (stat.isDirectory()) {
            FileCopy.tree(source.toRealPath(), place);
            return;
        }
        Kernel.copyFile(source.toRealPath(), place, 0600);
        Kernel.chown(place, stat.uid(), stat.gid());
        Kernel.chmod(place, stat.permissions());
        Kernel.setTimes(place, stat.mtimeSeconds(), stat.mtimeNanos());
    }

    /// Takes everything away again.
    @Override
    public void close() throws IOException {
        for (StandIn each : standing.reversed()) {
            try (OpenDirectory in = each.in()) {
                Unnoticed.in(active, in, Objects.requireNonNull(each.place().getParent()), () -> putBack(each, in));
            }
            active.acknowledge(each.place());
        }
        standing.clear();
    }

    private static void putBack(StandIn each, OpenDirectory in) throws IOException {
        Path back = each.back();
        if (back != null && in.stat(each.name()) != null) {
            move(in, each.name(), back);
        }
        in.removeTree(each.name());
        try (OpenDirectory parent = parentOf(each.original())) {
            parent.rename(Kernel.nameOf(each.original()), in, each.name());
        } catch (KernelException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
            // The process removed the directory of the place: then what was in there is gone too.
        }
    }

    private static void move(OpenDirectory in, byte[] name, Path to) throws IOException {
        try (OpenDirectory parent = parentOf(to)) {
            in.rename(name, parent, Kernel.nameOf(to));
        }
    }

    private static OpenDirectory parentOf(Path path) throws IOException {
        return OpenDirectory.open(Objects.requireNonNull(path.getParent()));
    }
}
