package dev.jbuild.solver.file;

import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.solver.context.BuildContext;
import dev.jbuild.solver.context.FileName;
import dev.jbuild.solver.context.Tree;
import dev.jbuild.solver.context.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies files that are no directories, from one open directory to another.
final class FileCopier {
    private static final int SMALL = 32 << 10;

    private final Destination destination;
    private final Tree tree;
    private final NewMetadata metadata;
    /// Where the first name of a file with several names went.
    private final Map<Inode, DestinationPath> linked = new HashMap<>();

    private final byte[] small = new byte[SMALL];

    private record Inode(long device, long number) {}

    /// Where a file goes.
    ///
    /// @param base what is being copied to; with `below`, for messages and hard links
    record Place(OpenDirectory directory, Stat directoryStat, byte[] name, DestinationPath base, String below) {
        DestinationPath path() {
            DestinationPath path = base;
            for (String part : below.isEmpty() ? new String[0] : below.split("/")) {
                path = path.child(part);
            }
            return path;
        }
    }

    FileCopier(Destination destination, Tree tree, NewMetadata metadata) {
        this.destination = destination;
        this.tree = tree;
        this.metadata = metadata;
    }

    /// Copies a file.
    ///
    /// @param from the directory that it lies in
    /// @param fresh whether nothing can be in its place
    void copy(TreeEntry file, OpenDirectory from, Place to, boolean fresh) throws IOException {
        if (!fresh) {
            Destination.clear(to.directory, to.name, new Shown(to));
        }
        Stat stat = file.stat();
        if (stat.isRegular() && stat.nlink() > 1) {
            DestinationPath first = linked.putIfAbsent(new Inode(stat.dev(), stat.ino()), to.path());
            if (first != null) {
                link(first, to);
                return;
            }
        }
        switch (stat.type()) {
            case Stat.REGULAR -> regular(file, from, to);
            case Stat.SYMBOLIC_LINK -> {
                to.directory.makeSymbolicLink(to.name, FileName.encode(tree.link(file.name())));
                describe(file, to);
            }
            case Stat.CHARACTER_DEVICE, Stat.BLOCK_DEVICE, Stat.FIFO, Stat.SOCKET -> {
                makeNode(stat, to);
                describe(file, to);
            }
            default ->
                throw new IOException(to.path() + ": unknown file type in mode " + Integer.toOctalString(stat.mode()));
        }
    }

    /// Names a place only if somebody asks.
    private record Shown(Place place) {
        @Override
        public String toString() {
            return place.path().toString();
        }
    }

    private void link(DestinationPath first, Place to) throws IOException {
        try (OpenDirectory directory = destination.open(first.parent())) {
            to.directory.makeHardLink(to.name, directory, FileName.encode(first.name()));
        }
    }

    private void makeNode(Stat stat, Place to) throws IOException {
        try {
            to.directory.makeNode(to.name, stat.type() | 0600, stat.rdev());
        } catch (KernelException e) {
            if (e.is(Errno.EPERM)) {
                throw new FileActionException(
                        "cannot make the device file " + to.path()
                                + ": only root of the machine may; run jbuild as root",
                        e);
            }
            throw e;
        }
    }

    private void regular(TreeEntry file, OpenDirectory from, Place to) throws IOException {
        Stat stat = file.stat();
        byte[] name = FileName.encode(file.name().substring(file.name().lastIndexOf('/') + 1));
        try (OpenFile source = from.read(name);
                OpenFile target = to.directory.create(to.name, 0600)) {
            if (stat.size() > SMALL) {
                target.copyFrom(source);
            } else {
                copySmall(source, target, (int) stat.size());
            }
            checkUnchanged(tree, file, source.stat());
            FileOwner owner = owner(stat);
            if (destination.needsOwner(owner, to.directoryStat)) {
                Destination.give(owner, new Shown(to), target::chown);
            }
            // After the owner, which clears the set-ID bits.
            target.chmod(metadata.permissions(stat.permissions(), false));
            for (Map.Entry<String, byte[]> xattr : tree.xattrs(file.name()).entrySet()) {
                try {
                    target.setXattr(xattr.getKey(), xattr.getValue());
                } catch (KernelException e) {
                    refused(xattr.getKey(), e);
                }
            }
            target.setTimes(stat.mtimeSeconds(), stat.mtimeNanos());
        }
    }

    /// Nothing but a read and a write: asking for shared blocks and for holes costs more than it could save.
    private void copySmall(OpenFile source, OpenFile target, int size) throws IOException {
        if (size == 0) {
            return;
        }
        int length;
        try (InputStream in = source.input()) {
            length = in.readNBytes(small, 0, size);
        }
        try (OutputStream out = target.output()) {
            out.write(small, 0, length);
        }
    }

    /// What was hashed has to be what was read: the result would be remembered for the wrong content.
    static void checkUnchanged(Tree tree, TreeEntry file, @Nullable Stat after) throws FileActionException {
        if (tree instanceof BuildContext && (after == null || !isSame(file.stat(), after))) {
            throw new FileActionException(
                    "/" + file.name() + " changed while the build read it; build again when nothing writes to it");
        }
    }

    private static boolean isSame(Stat before, Stat after) {
        return before.size() == after.size()
                && before.mtimeSeconds() == after.mtimeSeconds()
                && before.mtimeNanos() == after.mtimeNanos()
                && before.ino() == after.ino();
    }

    private FileOwner owner(Stat stat) {
        return metadata.ownerOr(new FileOwner(stat.uid(), stat.gid()));
    }

    /// Owner, permissions, attributes and time of a link or special file.
    private void describe(TreeEntry file, Place to) throws IOException {
        Stat stat = file.stat();
        FileOwner owner = owner(stat);
        if (destination.needsOwner(owner, to.directoryStat)) {
            Destination.give(owner, new Shown(to), (uid, gid) -> to.directory.chown(to.name, uid, gid));
        }
        if (!stat.isSymbolicLink()) {
            to.directory.chmod(to.name, metadata.permissions(stat.permissions(), false));
        }
        copyXattrs(file, to.directory, to.name);
        to.directory.setTimes(to.name, stat.mtimeSeconds(), stat.mtimeNanos());
    }

    void copyXattrs(TreeEntry file, OpenDirectory in, byte[] name) throws IOException {
        for (Map.Entry<String, byte[]> xattr : tree.xattrs(file.name()).entrySet()) {
            try {
                in.setXattr(name, xattr.getKey(), xattr.getValue());
            } catch (KernelException e) {
                refused(xattr.getKey(), e);
            }
        }
    }

    /// An attribute that this file system or user cannot have does not stop a copy, except the one that programs need
    /// to work.
    private static void refused(String attribute, KernelException e) throws KernelException {
        boolean optional = e.is(Errno.EOPNOTSUPP) || e.is(Errno.EPERM);
        if (!optional || attribute.equals("security.capability")) {
            throw e;
        }
        Logger log = LoggerFactory.getLogger(FileCopier.class);
        log.debug("attribute {} is not copied", attribute, e);
    }
}
