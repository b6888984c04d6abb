package dev.jbuild.exporter;

import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Copies a root file system over a directory: contents, modes, times, links, extended attributes. What it writes
/// belongs to the invoking user.
///
/// It works from open directory to open directory and follows no symbolic link, so nothing that lies in the target can
/// lead it out. Each file is complete before it has its name.
final class TreeCopy {
    private static final byte[] EMPTY = {};

    private final OpenDirectory target;
    private final StagingArea staging;
    private final @Nullable Instant clock;
    private final ExportListener listener;
    private final Map<Inode, byte[]> linked = new HashMap<>();
    private final Set<String> warned = new HashSet<>();
    private long copied;

    private record Inode(long dev, long ino) {}

    TreeCopy(OpenDirectory target, StagingArea staging, @Nullable Instant clock, ExportListener listener) {
        this.target = target;
        this.staging = staging;
        this.clock = clock;
        this.listener = listener;
    }

    /// Copies what is in a directory into a folder of the target, or into the target itself if that is null.
    void copy(Path rootfs, @Nullable String folder) throws IOException {
        try (OpenDirectory source = OpenDirectory.open(rootfs)) {
            if (folder == null) {
                copyEntries(source, target, EMPTY);
                return;
            }
            byte[] name = folder.getBytes(StandardCharsets.UTF_8);
            try (OpenDirectory into = enter(target, name, 0755)) {
                copyEntries(source, into, name);
            }
            target.chmod(name, 0755);
            if (clock != null) {
                target.setTimes(name, clock.getEpochSecond(), 0);
            }
        }
    }

    private void copyEntries(OpenDirectory from, OpenDirectory to, byte[] path) throws IOException {
        OpenDirectory stage = staging.directoryFor(to);
        for (byte[] name : from.names()) {
            if (Thread.interrupted()) {
                throw new InterruptedIOException();
            }
            Stat stat = from.stat(name);
            if (stat == null) {
                continue;
            }
            byte[] below = path.length == 0 ? name : joined(path, name);
            switch (stat.type()) {
                case Stat.DIRECTORY -> copyDirectory(from, to, name, stat, below);
                case Stat.REGULAR -> copyFile(from, to, stage, name, stat, below);
                case Stat.SYMBOLIC_LINK -> {
                    byte[] temp = staging.newName();
                    stage.makeSymbolicLink(temp, from.readLink(name));
                    stage.setTimes(temp, seconds(stat), nanos(stat));
                    place(stage, temp, to, name);
                }
                case Stat.FIFO, Stat.CHARACTER_DEVICE, Stat.BLOCK_DEVICE -> copyNode(from, to, stage, name, stat);
                // A socket without its server is nothing.
                default -> {}
            }
        }
    }

    private void copyDirectory(OpenDirectory from, OpenDirectory to, byte[] name, Stat stat, byte[] path)
            throws IOException {
        try (OpenDirectory source = from.directory(name);
                OpenDirectory into = enter(to, name, stat.permissions())) {
            copyEntries(source, into, path);
        }
        copyXattrs(from, name, to, name);
        to.chmod(name, stat.permissions());
        to.setTimes(name, seconds(stat), nanos(stat));
    }

    // A directory that can be written until its own mode is set, in the place of whatever else is there.
    private static OpenDirectory enter(OpenDirectory parent, byte[] name, int permissions) throws IOException {
        Stat existing = parent.stat(name);
        if (existing != null && !existing.isDirectory()) {
            parent.unlink(name);
            existing = null;
        }
        if (existing == null) {
            parent.makeDirectory(name, permissions | 0700);
        } else if ((existing.permissions() & 0700) != 0700) {
            parent.chmod(name, existing.permissions() | 0700);
        }
        return parent.directory(name);
    }

    private void copyFile(
            OpenDirectory from, OpenDirectory to, OpenDirectory stage, byte[] name, Stat stat, byte[] path)
            throws IOException {
        byte[] temp = staging.newName();
        Inode inode = new Inode(stat.dev(), stat.ino());
        byte[] first = stat.nlink() > 1 ? linked.get(inode) : null;
        if (first != null && link(first, stage, temp)) {
            place(stage, temp, to, name);
            return;
        }
        try (OpenFile source = from.read(name);
                OpenFile file = stage.create(temp, 0600)) {
            file.copyFrom(source);
            copyXattrs(from, name, stage, temp);
            file.chmod(stat.permissions());
            file.setTimes(seconds(stat), nanos(stat));
        }
        place(stage, temp, to, name);
        if (stat.nlink() > 1) {
            linked.put(inode, path);
        }
        copied += stat.size();
        listener.progress("copying files", copied, 0);
    }

    // Not every file system has hard links, and not between any two directories; a copy has the same content.
    private boolean link(byte[] first, OpenDirectory stage, byte[] temp) throws IOException {
        int slash = first.length - 1;
        while (slash >= 0 && first[slash] != '/') {
            slash--;
        }
        byte[] folder = Arrays.copyOfRange(first, 0, Math.max(slash, 0));
        byte[] name = Arrays.copyOfRange(first, slash + 1, first.length);
        try (OpenDirectory directory = folder.length == 0 ? target.again() : target.resolve(folder)) {
            stage.makeHardLink(temp, directory, name);
            return true;
        } catch (KernelException e) {
            if (e.is(Errno.EXDEV) || e.is(Errno.EPERM) || e.is(Errno.EMLINK) || e.is(Errno.EOPNOTSUPP)) {
                return false;
            }
            throw e;
        }
    }

    private void copyNode(OpenDirectory from, OpenDirectory to, OpenDirectory stage, byte[] name, Stat stat)
            throws IOException {
        byte[] temp = staging.newName();
        try {
            stage.makeNode(temp, stat.mode(), stat.rdev());
        } catch (KernelException e) {
            if (!e.is(Errno.EPERM)) {
                throw e;
            }
            listener.warn(from.path(name) + " is a device and was left out: only root can make one");
            return;
        }
        stage.chmod(temp, stat.permissions());
        stage.setTimes(temp, seconds(stat), nanos(stat));
        place(stage, temp, to, name);
    }

    private static void place(OpenDirectory stage, byte[] temp, OpenDirectory to, byte[] name) throws IOException {
        Stat existing = to.stat(name);
        if (existing != null && existing.isDirectory()) {
            to.removeTree(name);
        }
        stage.rename(temp, to, name);
        // Renaming a hard link over another one to the same file does nothing and leaves both.
        if (existing != null && existing.nlink() > 1 && stage.stat(temp) != null) {
            stage.unlink(temp);
        }
    }

    private void copyXattrs(OpenDirectory from, byte[] name, OpenDirectory to, byte[] toName) throws IOException {
        List<String> attributes = from.xattrNames(name);
        for (String attribute : attributes) {
            if (attribute.startsWith("trusted.")
                    || attribute.startsWith("user.overlay.")
                    || attribute.equals("security.selinux")) {
                continue;
            }
            byte[] value = from.xattr(name, attribute);
            if (value == null) {
                continue;
            }
            try {
                to.setXattr(toName, attribute, value);
            } catch (KernelException e) {
                if (!e.is(Errno.EPERM) && !e.is(Errno.EOPNOTSUPP) && !e.is(Errno.EACCES)) {
                    throw e;
                }
                if (warned.add(attribute)) {
                    listener.warn("the attribute " + attribute + " of " + from.path(name)
                            + " and perhaps of other files was left out: it cannot be set there by this user");
                }
            }
        }
    }

    private long seconds(Stat stat) {
        return clock == null ? stat.mtimeSeconds() : Math.min(stat.mtimeSeconds(), clock.getEpochSecond());
    }

    private int nanos(Stat stat) {
        return clock == null ? stat.mtimeNanos() : 0;
    }

    private static byte[] joined(byte[] path, byte[] name) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(path.length + 1 + name.length);
        joined.writeBytes(path);
        joined.write('/');
        joined.writeBytes(name);
        return joined.toByteArray();
    }
}
