package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The mounts by which layers become one root file system, all of them in one directory of their own.
final class MountStack {
    /// So many lower directories overlay takes.
    private static final int MOST_LOWERS = 500;

    /// So many layers can be mounted: the lowest as one read-only overlay, which is one lower directory of another.
    static final int MOST_LAYERS = 2 * MOST_LOWERS - 1;

    /// What [#mount(List, Path, Path)] may make in its working directory.
    static final List<String> DIRECTORIES = List.of("work", "root", "lower", "empty");

    private static final int TRIES = 50;

    private final Path root;
    private final List<Path> lastFirst;

    private MountStack(Path root, List<Path> lastFirst) {
        this.root = root;
        this.lastFirst = lastFirst;
    }

    /// No mount at all: a plain directory.
    static MountStack plain(Path directory) {
        return new MountStack(directory, List.of());
    }

    /// @param lowestFirst at least one directory, at most [#MOST_LAYERS]
    /// @param work where to make the mount points
    /// @param upper where what is written goes; null to mount read-only
    static MountStack mount(List<Path> lowestFirst, Path work, @Nullable Path upper) throws IOException {
        List<Path> mounted = new ArrayList<>();
        try {
            List<Path> lowers = lowestFirst;
            if (lowers.size() > MOST_LOWERS) {
                int below = lowers.size() - MOST_LOWERS + 1;
                Path nested = Files.createDirectory(work.resolve("lower"));
                mountReadOnly(lowers.subList(0, below), work, nested);
                mounted.addFirst(nested);
                lowers = new ArrayList<>(lowers.subList(below, lowers.size()));
                lowers.addFirst(nested);
            }
            Path root = Files.createDirectory(work.resolve("root"));
            if (upper == null) {
                mountReadOnly(lowers, work, root);
            } else {
                Kernel.mountOverlay(lowers, upper, Files.createDirectory(work.resolve("work")), root);
            }
            mounted.addFirst(root);
            return new MountStack(root, mounted);
        } catch (IOException e) {
            for (Path mount : mounted) {
                Kernel.detachMount(mount);
            }
            throw e;
        }
    }

    private static void mountReadOnly(List<Path> lowestFirst, Path work, Path target) throws IOException {
        List<Path> lowers = lowestFirst;
        if (lowers.size() == 1) {
            // Overlay wants two. Not a bind mount: the one layer may have whiteouts, which must not be seen.
            lowers = List.of(Files.createDirectories(work.resolve("empty")), lowers.getFirst());
        }
        Kernel.mountOverlay(lowers, target);
    }

    Path root() {
        return root;
    }

    /// Takes the mounts away. What is mounted inside goes too; whoever is still at work inside makes this fail.
    void unmount() throws IOException {
        for (Path mount : lastFirst) {
            for (int tries = 1; ; tries++) {
                try {
                    Kernel.unmount(mount);
                    break;
                } catch (KernelException e) {
                    if (!e.is(Errno.EBUSY) || tries == TRIES) {
                        throw e;
                    }
                    Kernel.detachMountsInside(mount);
                    pause();
                }
            }
        }
    }

    /// A process that was just killed may take a moment to let go of its files.
    private static void pause() throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted while unmounting");
        }
    }

    /// Takes the mounts out of sight, whoever uses them.
    void detach() throws IOException {
        for (Path mount : lastFirst) {
            Kernel.detachMount(mount);
        }
    }
}
