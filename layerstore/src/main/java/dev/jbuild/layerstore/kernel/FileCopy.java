package dev.jbuild.layerstore.kernel;

import java.nio.file.Path;

/// Copies files with all that is known of them: owner, permissions, time, extended attributes.
public final class FileCopy {
    private static final byte[] HERE = {'.'};

    private FileCopy() {}

    /// Copies a file that is no directory to a name that is free.
    public static void copy(OpenDirectory from, byte[] name, Stat stat, OpenDirectory to) throws KernelException {
        switch (stat.type()) {
            case Stat.REGULAR -> {
                try (OpenFile source = from.read(name);
                        OpenFile target = to.create(name, 0600)) {
                    if (stat.size() > 0) {
                        target.copyFrom(source);
                    }
                }
            }
            case Stat.SYMBOLIC_LINK -> to.makeSymbolicLink(name, from.readLink(name));
            case Stat.CHARACTER_DEVICE, Stat.BLOCK_DEVICE, Stat.FIFO, Stat.SOCKET ->
                to.makeNode(name, stat.type() | 0600, stat.rdev());
            default ->
                throw new KernelException("copy", Errno.EINVAL.number(), from.path(name), "of no known file type");
        }
        describe(from, name, stat, to);
        to.setTimes(name, stat.mtimeSeconds(), stat.mtimeNanos());
    }

    /// Copies a directory and everything in it to a place that is free.
    public static void tree(Path from, Path to) throws KernelException {
        try (OpenDirectory source = OpenDirectory.open(from)) {
            Kernel.makeDirectory(to);
            try (OpenDirectory target = OpenDirectory.open(to)) {
                children(source, target);
            }
        }
    }

    private static void children(OpenDirectory from, OpenDirectory to) throws KernelException {
        for (byte[] name : from.names()) {
            Stat stat = from.stat(name);
            if (stat == null) {
                continue;
            }
            if (!stat.isDirectory()) {
                copy(from, name, stat, to);
                continue;
            }
            to.makeDirectory(name, 0700);
            try (OpenDirectory source = from.directory(name);
                    OpenDirectory target = to.directory(name)) {
                children(source, target);
            }
        }
        Stat stat = from.stat();
        describe(from, HERE, stat, to);
        to.setTimes(HERE, stat.mtimeSeconds(), stat.mtimeNanos());
    }

    /// Owner, extended attributes and permissions, without the time, which for a directory comes last.
    public static void describe(OpenDirectory from, byte[] name, Stat stat, OpenDirectory to) throws KernelException {
        to.chown(name, stat.uid(), stat.gid());
        for (String attribute : from.xattrNames(name)) {
            byte[] value = isMark(attribute) ? null : from.xattr(name, attribute);
            if (value != null) {
                setXattr(to, name, attribute, value);
            }
        }
        if (!stat.isSymbolicLink()) {
            to.chmod(name, stat.permissions());
        }
    }

    /// Overlay's own, of the layer that the file was in, and the owner, which was set.
    private static boolean isMark(String attribute) {
        return attribute.startsWith("trusted.overlay.")
                || attribute.startsWith("user.overlay.")
                || attribute.startsWith("user.jbuild.")
                || attribute.equals(RecordedOwner.ATTRIBUTE);
    }

    /// An attribute that this user cannot set is the machine's, except the one that programs need to work.
    private static void setXattr(OpenDirectory to, byte[] name, String attribute, byte[] value) throws KernelException {
        try {
            to.setXattr(name, attribute, value);
        } catch (KernelException e) {
            boolean refused = e.is(Errno.EOPNOTSUPP) || e.is(Errno.EPERM);
            if (!refused || attribute.equals("security.capability")) {
                throw e;
            }
        }
    }
}
