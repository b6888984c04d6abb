package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.layerstore.content.StoreException;

/// Copies single files with all that is known of them: owner, permissions, time, extended attributes.
final class FileCopy {
    private FileCopy() {}

    /// Copies a file that is no directory to a name that is free.
    static void copy(OpenDirectory from, byte[] name, Stat stat, OpenDirectory to) throws KernelException {
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
                throw new StoreException(
                        StoreException.Kind.UNSUPPORTED, from.path(name) + " is of no known file type", null, null);
        }
        describe(from, name, stat, to);
        to.setTimes(name, stat.mtimeSeconds(), stat.mtimeNanos());
    }

    /// Owner, extended attributes and permissions, without the time, which for a directory comes last.
    static void describe(OpenDirectory from, byte[] name, Stat stat, OpenDirectory to) throws KernelException {
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

    /// Overlay's own, of the layer that the file was in.
    private static boolean isMark(String attribute) {
        return attribute.startsWith("trusted.overlay.") || attribute.startsWith("user.overlay.");
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
