package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a tree looked like at one moment, so that it can be told later what was changed since.
///
/// The kernel sets a file's change time whenever its content, its owner, its permissions, its attributes, its name
/// or the number of its names changes, and no program can set it. So a file is as it was if the same inode still has
/// the same change time. A directory that was moved brings files along whose own inodes have not changed: for
/// directories the place counts too.
final class TreeState {
    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

    private final Map<Long, Long> changeTimes = new HashMap<>();
    private final Map<Long, String> directories = new HashMap<>();
    private long taken;

    private TreeState() {}

    /// The state of a tree that nobody is changing.
    ///
    /// @param scratch a directory on the same file system, for a file that tells what time it is there
    static TreeState of(Path root, Path scratch) throws KernelException {
        TreeState state = new TreeState();
        try (OpenDirectory directory = OpenDirectory.open(root)) {
            state.acknowledge(TreePath.ROOT, directory.stat());
            state.add(directory, TreePath.ROOT);
        }
        state.taken = awaitNextTick(scratch);
        return state;
    }

    private void add(OpenDirectory directory, String path) throws KernelException {
        for (byte[] name : directory.names()) {
            Stat stat = directory.stat(name);
            if (stat == null) {
                continue;
            }
            String child = TreePath.child(path, name);
            acknowledge(child, stat);
            if (stat.isDirectory()) {
                try (OpenDirectory below = directory.directory(name)) {
                    add(below, child);
                }
            }
        }
    }

    /// The file system's clock may move in steps of some milliseconds: what changes within the one in which the state
    /// was taken would look unchanged, so it is waited for the next.
    private static long awaitNextTick(Path scratch) throws KernelException {
        try (OpenDirectory directory = OpenDirectory.open(scratch)) {
            directory.create(PROBE, 0600).close();
            try {
                long before = ctime(directory);
                long now = before;
                while (now == before) {
                    Thread.onSpinWait();
                    directory.setTimes(PROBE, 0, 0);
                    now = ctime(directory);
                }
                return before;
            } finally {
                directory.unlink(PROBE);
            }
        }
    }

    private static long ctime(OpenDirectory directory) throws KernelException {
        Stat stat = directory.stat(PROBE);
        return stat == null ? 0 : stat.ctime();
    }

    /// As this file is now is how it was.
    void acknowledge(String path, Stat stat) {
        changeTimes.put(stat.ino(), stat.ctime());
        if (stat.isDirectory()) {
            directories.put(stat.ino(), path);
        }
    }

    /// Whether this file is as it was; of a directory, whether its own attributes and the names in it are.
    boolean isUnchanged(String path, @Nullable Stat stat) {
        if (stat == null) {
            return false;
        }
        Long known = changeTimes.get(stat.ino());
        return known != null && known == stat.ctime() && (!stat.isDirectory() || isKnownDirectory(path, stat));
    }

    /// Whether this directory was there before, whatever has happened in it.
    boolean isSameDirectory(String path, OpenDirectory directory, Stat stat) throws KernelException {
        // The number of a removed inode is soon that of a new one.
        return isKnownDirectory(path, stat) && directory.birth() <= taken;
    }

    private boolean isKnownDirectory(String path, Stat stat) {
        return path.equals(directories.get(stat.ino()));
    }
}
