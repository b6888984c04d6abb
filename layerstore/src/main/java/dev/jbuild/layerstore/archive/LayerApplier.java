package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.kernel.Marks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/// Unpacks layers and other tars into a directory that nothing in the tar can lead out of: not by an absolute name,
/// not by `..`, not by a symbolic link that it brings along or finds, not by a hard link.
///
/// What a tar tells and the file system refuses, or what contradicts itself, is a
/// [dev.jbuild.layerstore.content.StoreException] of kind CORRUPT that names the entry.
public final class LayerApplier {
    private LayerApplier() {}

    /// Applies a layer: owners, modes, times to the nanosecond, extended attributes, hard links, devices, whiteouts.
    ///
    /// The stream is read to the archive's end and not beyond: what may follow is the caller's to read.
    ///
    /// @param tar not compressed
    /// @throws NeedsParentsException in mode [ApplyMode#OVERLAY], if the layer cannot stand alone; what was
    ///     unpacked so far is of no use
    public static LayerSummary apply(InputStream tar, Path directory, ApplyMode mode)
            throws IOException, NeedsParentsException {
        return apply(tar, directory, mode, Marks.ofOverlay());
    }

    /// The same, with these marks for what is removed.
    public static LayerSummary apply(InputStream tar, Path directory, ApplyMode mode, Marks marks)
            throws IOException, NeedsParentsException {
        try (TreeUnpacker unpacker = new TreeUnpacker(directory, "", mode, Ownership.AS_IT_IS, marks)) {
            return unpacker.unpack(new TarReader(tar));
        }
    }

    /// Unpacks an archive that is no layer over what is there, as `tar -x` does.
    ///
    /// @param root the root file system, in which every symbolic link is resolved
    /// @param into the directory below it, made if it is not there
    /// @param ownership who is to own what is unpacked
    public static LayerSummary unpack(InputStream tar, Path root, String into, Ownership ownership) throws IOException {
        try (TreeUnpacker unpacker = new TreeUnpacker(root, into, ApplyMode.PLAIN, ownership, Marks.ofOverlay())) {
            return unpacker.unpack(new TarReader(tar));
        } catch (NeedsParentsException e) {
            throw new AssertionError("a plain archive has no layers below", e);
        }
    }
}
