package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/// Places to mount on that a root file system lacks.
///
/// They are made in a directory of their own, which is mounted as one more layer below the one that is written: so
/// they are there while the process runs and leave no trace in its layer.
public final class MountPoints implements Places {
    private final Path root;
    private final Workspace work;
    private boolean any;

    /// @param root the file system that will be mounted on
    /// @param work where missing places are made
    public MountPoints(Path root, Workspace work) {
        this.root = root;
        this.work = work;
    }

    @Override
    public String need(String target, boolean isDirectory) throws IOException {
        Path place = Kernel.resolveInRoot(root, target);
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            add(place, isDirectory);
        }
        return "/" + root.relativize(place);
    }

    /// Whether anything had to be made.
    public boolean any() {
        return any;
    }

    public Path directory() {
        return work.large().resolve("points");
    }

    private void add(Path place, boolean isDirectory) throws IOException {
        any = true;
        Path directory = directory();
        Deque<Path> above = new ArrayDeque<>();
        for (Path parent = place.getParent(); parent != null && !parent.equals(root); parent = parent.getParent()) {
            above.push(parent);
        }
        like(root, directory);
        for (Path parent : above) {
            like(parent, directory.resolve(root.relativize(parent)));
        }
        make(directory.resolve(root.relativize(place)), isDirectory);
        // What was made in them changed their times.
        times(root, directory);
        for (Path parent : above) {
            times(parent, directory.resolve(root.relativize(parent)));
        }
    }

    /// A directory that looks like the one it will cover.
    private static void like(Path original, Path made) throws IOException {
        if (Files.exists(made, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.createDirectory(made);
        Stat stat = Kernel.stat(original);
        if (stat == null) {
            Kernel.chmod(made, 0755);
            return;
        }
        if (!Files.isDirectory(original, LinkOption.NOFOLLOW_LINKS)) {
            throw new SandboxException("cannot mount below " + original + ": it is not a directory");
        }
        Kernel.chown(made, stat.uid(), stat.gid());
        Kernel.chmod(made, stat.permissions());
        for (String attribute : Kernel.xattrNames(original)) {
            byte[] value = attribute.contains("overlay.") ? null : Kernel.xattr(original, attribute);
            if (value != null) {
                Kernel.setXattr(made, attribute, value);
            }
        }
        Kernel.setTimes(made, stat.mtimeSeconds(), stat.mtimeNanos());
    }

    private static void times(Path original, Path made) throws IOException {
        Stat stat = Kernel.stat(original);
        if (stat != null) {
            Kernel.setTimes(made, stat.mtimeSeconds(), stat.mtimeNanos());
        }
    }

    /// An empty directory or file at this path, with the directories above it.
    static void make(Path place, boolean isDirectory) throws IOException {
        if (isDirectory) {
            Files.createDirectories(place);
        } else {
            Path parent = place.getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                Files.createFile(place);
            }
        }
    }
}
