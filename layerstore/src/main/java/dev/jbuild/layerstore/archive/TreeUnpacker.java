package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// One archive being unpacked. Each entry's directory is opened by a path that the kernel resolves with the root as
/// its root, and the entry is made by name in it; nothing is ever followed in the last part of a name.
final class TreeUnpacker implements AutoCloseable {
    private static final int COPY = 128 << 10;
    private static final int BIGGEST_MAJOR = 0xfff;
    private static final int BIGGEST_MINOR = 0xfffff;
    private static final long NOBODY = 0xffffffffL;

    private final ApplyMode mode;
    private final Ownership ownership;
    private final EntryPath into;
    private final UnpackedParents parents;
    private final WhiteoutApplier whiteouts;
    private final Marks marks;
    private final Map<String, Times> directoryTimes = new LinkedHashMap<>();
    private final byte[] buffer = new byte[COPY];
    private long entries;
    private long bytes;
    private boolean ownRoot;

    private record Times(EntryPath path, long seconds, int nanos) {}

    TreeUnpacker(Path root, String into, ApplyMode mode, Ownership ownership, Marks marks) throws IOException {
        this.mode = mode;
        this.ownership = ownership;
        this.into = EntryPath.of(into.getBytes(StandardCharsets.UTF_8));
        this.parents = new UnpackedParents(OpenDirectory.open(root), mode);
        this.whiteouts = new WhiteoutApplier(parents, mode, marks);
        this.marks = marks;
    }

    LayerSummary unpack(TarReader tar) throws IOException, NeedsParentsException {
        if (!into.isRoot()) {
            parents.open(into.path());
        }
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            Interruption.check();
            EntryPath path = EntryPath.of(entry.name()).under(into);
            try {
                unpack(entry, path, tar);
            } catch (KernelException e) {
                throw explained(e, path, entry);
            }
            entries++;
        }
        setDirectoryTimes();
        return new LayerSummary(entries, bytes, whiteouts.count(), ownRoot, parents.complete());
    }

    private void unpack(TarEntry entry, EntryPath path, TarReader tar) throws IOException, NeedsParentsException {
        if (mode != ApplyMode.PLAIN && Whiteout.hasPrefix(path.name())) {
            whiteouts.apply(path, entry);
            return;
        }
        if (path.isRoot()) {
            root(entry);
            return;
        }
        if (entry.type() == TarHeader.DIRECTORY) {
            directory(entry, path);
            return;
        }
        if (isLinkToItself(entry, path)) {
            return;
        }
        OpenDirectory parent = withoutOld(path);
        switch (entry.type()) {
            case TarHeader.REGULAR -> regular(entry, path.name(), parent, tar);
            case TarHeader.HARD_LINK -> hardLink(entry, path, parent);
            case TarHeader.SYMBOLIC_LINK -> {
                parent.makeSymbolicLink(path.name(), entry.link());
                describe(entry, path.name(), parent);
            }
            case TarHeader.FIFO -> {
                parent.makeNode(path.name(), Stat.FIFO | 0600, 0);
                describe(entry, path.name(), parent);
            }
            default -> device(entry, path.name(), parent);
        }
        whiteouts.made(path);
    }

    private boolean isLinkToItself(TarEntry entry, EntryPath path) {
        return entry.type() == TarHeader.HARD_LINK
                && Arrays.equals(EntryPath.of(entry.link()).under(into).path(), path.path());
    }

    /// The directory of this entry, in which nothing has its name any more.
    private OpenDirectory withoutOld(EntryPath path) throws IOException, NeedsParentsException {
        OpenDirectory parent = parents.open(path.parent());
        Stat old = parent.stat(path.name());
        if (old == null) {
            return parent;
        }
        parents.replaced(old);
        OpenDirectory again = parents.open(path.parent());
        again.removeTree(path.name());
        return again;
    }

    /// The entry of the directory that everything is unpacked into.
    private void root(TarEntry entry) throws IOException, NeedsParentsException {
        if (entry.type() != TarHeader.DIRECTORY) {
            throw PaxHeaders.corrupt("the entry \"" + entry.shown() + "\" would replace the root directory");
        }
        ownRoot = true;
        byte[] here = {'.'};
        describe(entry, here, parents.open(new byte[0]));
        directoryTimes.put("", new Times(EntryPath.of(here), entry.mtimeSeconds(), entry.mtimeNanos()));
    }

    private void directory(TarEntry entry, EntryPath path) throws IOException, NeedsParentsException {
        OpenDirectory parent = parents.open(path.parent());
        Stat old = parent.stat(path.name());
        if (old == null || !old.isDirectory()) {
            parent = withoutOld(path);
            parent.makeDirectory(path.name(), 0700);
            if (old != null && marks.isWhiteout(old) && mode != ApplyMode.PLAIN) {
                // The layer removes what was there and puts a directory in its place.
                whiteouts.makeOpaque(parent, path.name());
            }
        }
        describe(entry, path.name(), parent);
        parents.mentioned(path);
        whiteouts.made(path);
        directoryTimes.put(EntryPath.key(path.path()), new Times(path, entry.mtimeSeconds(), entry.mtimeNanos()));
    }

    private void regular(TarEntry entry, byte[] name, OpenDirectory parent, TarReader tar) throws IOException {
        try (OpenFile file = parent.create(name, 0600)) {
            try (OutputStream out = file.output()) {
                if (entry.sparse().sparse()) {
                    for (SparseMap.Region region : entry.sparse().regions()) {
                        file.seek(region.offset());
                        copy(tar, out, region.length());
                    }
                    file.truncate(entry.size());
                } else {
                    copy(tar, out, entry.size());
                }
            }
            // Always: in a set-group-ID directory the file has got that directory's group.
            file.chown(uid(entry), gid(entry));
            for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
                if (XattrRules.inImage(xattr.getKey())) {
                    try {
                        file.setXattr(xattr.getKey(), xattr.getValue());
                    } catch (KernelException e) {
                        tolerate(e);
                    }
                }
            }
            file.chmod(entry.mode());
            file.setTimes(entry.mtimeSeconds(), entry.mtimeNanos());
        }
        bytes += entry.size();
    }

    private void copy(TarReader tar, OutputStream out, long length) throws IOException {
        long left = length;
        while (left > 0) {
            Interruption.check();
            int n = tar.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (n < 0) {
                throw PaxHeaders.corrupt("a file has less content than its header says");
            }
            out.write(buffer, 0, n);
            left -= n;
        }
    }

    private void hardLink(TarEntry entry, EntryPath path, OpenDirectory parent)
            throws IOException, NeedsParentsException {
        EntryPath target = EntryPath.of(entry.link()).under(into);
        OpenDirectory targetParent = parents.openExisting(target.parent());
        Stat stat = targetParent == null ? null : targetParent.stat(target.name());
        try {
            if (stat != null && stat.isDirectory()) {
                throw PaxHeaders.corrupt(
                        path.shown() + " is a hard link to " + target.shown() + ", which is a directory");
            }
            if (targetParent != null && stat != null && !marks.isWhiteout(stat)) {
                parent.makeHardLink(path.name(), targetParent, target.name());
                return;
            }
        } finally {
            if (targetParent != null) {
                targetParent.close();
            }
        }
        String what = path.shown() + " is a hard link to " + target.shown() + ", which ";
        if (mode == ApplyMode.OVERLAY) {
            throw new NeedsParentsException(what + "is not in this layer");
        }
        throw PaxHeaders.corrupt(what + "is not there");
    }

    private void device(TarEntry entry, byte[] name, OpenDirectory parent) throws IOException {
        int major = entry.deviceMajor();
        int minor = entry.deviceMinor();
        boolean character = entry.type() == TarHeader.CHARACTER_DEVICE;
        if (major > BIGGEST_MAJOR || minor > BIGGEST_MINOR) {
            throw PaxHeaders.corrupt(
                    entry.shown() + " is a device " + major + ":" + minor + ", which Linux cannot have");
        }
        if (character && major == 0 && minor == 0) {
            throw PaxHeaders.corrupt(entry.shown() + " is a device 0:0, by which overlay would remove what lies below");
        }
        try {
            parent.makeNode(
                    name, (character ? Stat.CHARACTER_DEVICE : Stat.BLOCK_DEVICE) | 0600, Stat.device(major, minor));
        } catch (KernelException e) {
            if (e.is(Errno.EPERM) && Kernel.inUserNamespace()) {
                // There nobody can make devices; containers get their own /dev in any case.
                return;
            }
            throw e;
        }
        describe(entry, name, parent);
    }

    /// Owner, then attributes and mode, which a change of owner would reset, then times.
    private void describe(TarEntry entry, byte[] name, OpenDirectory parent) throws IOException {
        parent.chown(name, uid(entry), gid(entry));
        for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
            if (XattrRules.inImage(xattr.getKey())) {
                try {
                    parent.setXattr(name, xattr.getKey(), xattr.getValue());
                } catch (KernelException e) {
                    tolerate(e);
                }
            }
        }
        if (entry.type() != TarHeader.SYMBOLIC_LINK) {
            parent.chmod(name, entry.mode());
        }
        if (entry.type() != TarHeader.DIRECTORY) {
            parent.setTimes(name, entry.mtimeSeconds(), entry.mtimeNanos());
        }
    }

    /// An attribute that this file system, this kind of file or this user cannot have is left out, as other
    /// tools do.
    private static void tolerate(KernelException e) throws KernelException {
        if (!e.is(Errno.EOPNOTSUPP) && !e.is(Errno.EPERM)) {
            throw e;
        }
    }

    private int uid(TarEntry entry) {
        return ownership.asItIs() ? id(entry.uid(), entry) : ownership.uid();
    }

    private int gid(TarEntry entry) {
        return ownership.asItIs() ? id(entry.gid(), entry) : ownership.gid();
    }

    private static int id(long id, TarEntry entry) {
        if (id < 0 || id >= NOBODY) {
            throw PaxHeaders.corrupt(entry.shown() + " belongs to user or group " + id + ", which cannot be");
        }
        return (int) id;
    }

    /// Last, because every file that is made in a directory changes its time.
    private void setDirectoryTimes() throws IOException {
        for (Times times : directoryTimes.values()) {
            OpenDirectory parent = parents.openExisting(times.path().parent());
            if (parent == null) {
                continue;
            }
            try (parent) {
                byte[] name =
                        times.path().isRoot() ? new byte[] {'.'} : times.path().name();
                Stat stat = parent.stat(name);
                if (stat != null && stat.isDirectory()) {
                    parent.setTimes(name, times.seconds(), times.nanos());
                }
            }
        }
    }

    /// What the archive is to blame for names the entry; the rest is the machine's.
    private static IOException explained(KernelException e, EntryPath path, TarEntry entry) {
        return switch (e.name()) {
            case ENOTDIR, ENAMETOOLONG, EFBIG, EEXIST, ELOOP, EISDIR, EMLINK, ENOENT -> {
                StoreException corrupt = new StoreException(
                        StoreException.Kind.CORRUPT,
                        "not a valid tar: the entry " + path.shown() + " cannot be: " + e.getMessage(),
                        null,
                        e);
                throw corrupt;
            }
            case EINVAL -> {
                if (Kernel.inUserNamespace() && e.call().contains("chown")) {
                    throw new StoreException(
                            StoreException.Kind.UNSUPPORTED,
                            path.shown() + " belongs to user " + entry.uid() + " and group " + entry.gid()
                                    + ", for which this user has no number: extend the ranges in /etc/subuid and"
                                    + " /etc/subgid",
                            null,
                            e);
                }
                yield e;
            }
            case null -> e;
            default -> e;
        };
    }

    @Override
    public void close() {
        parents.close();
    }
}
