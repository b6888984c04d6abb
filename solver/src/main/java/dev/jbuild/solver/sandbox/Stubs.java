package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Places to mount on that are made in the root file system itself, where that is a plain directory, and removed
/// before the commit, unless the process put something there.
public final class Stubs implements Places, AutoCloseable {
    private final ActiveSnapshot active;
    private final Path root;
    private final List<Path> made = new ArrayList<>();

    public Stubs(ActiveSnapshot active) {
        this.active = active;
        this.root = active.path();
    }

    @Override
    public String need(String target, boolean isDirectory) throws IOException {
        Path place = Kernel.resolveInRoot(root, target);
        Deque<Path> missing = new ArrayDeque<>();
        for (Path path = place; path != null && !path.equals(root) && !exists(path); path = path.getParent()) {
            missing.push(path);
        }
        while (!missing.isEmpty()) {
            Path next = missing.pop();
            boolean directory = isDirectory || !next.equals(place);
            Unnoticed.in(active, parent(next), () -> make(next, directory));
        }
        return "/" + root.relativize(place);
    }

    private void make(Path place, boolean isDirectory) throws IOException {
        if (isDirectory) {
            Files.createDirectory(place);
            Kernel.chmod(place, 0755);
        } else {
            Files.createFile(place);
            Kernel.chmod(place, 0644);
        }
        active.acknowledge(place);
        made.add(place);
    }

    private static Path parent(Path place) {
        Path parent = place.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("the root directory is always there");
        }
        return parent;
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() throws IOException {
        for (Path place : made.reversed()) {
            // The process may have put a symbolic link in the place of a directory above.
            if (Kernel.resolveInRoot(root, "/" + root.relativize(place)).equals(place) && isEmpty(place)) {
                Unnoticed.in(active, parent(place), () -> Files.delete(place));
            }
        }
    }

    private static boolean isEmpty(Path place) throws IOException {
        Stat stat = Kernel.stat(place);
        if (stat == null) {
            return false;
        }
        if (stat.isDirectory()) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(place)) {
                return !files.iterator().hasNext();
            }
        }
        return stat.isRegular() && stat.size() == 0;
    }
}
