package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// What a layer's whiteouts do. They concern lower layers only: what the same layer brings stays, whichever of the
/// two comes first in the archive.
final class WhiteoutApplier {
    private final UnpackedParents parents;
    private final ApplyMode mode;
    private final Marks marks;
    private final Set<String> ofThisLayer = new HashSet<>();
    private long count;

    WhiteoutApplier(UnpackedParents parents, ApplyMode mode, Marks marks) {
        this.marks = marks;
        this.parents = parents;
        this.mode = mode;
    }

    /// How many there were.
    long count() {
        return count;
    }

    /// An entry of this layer was unpacked here.
    void made(EntryPath path) {
        if (mode == ApplyMode.MERGED) {
            ofThisLayer.add(EntryPath.key(path.path()));
        }
    }

    void apply(EntryPath whiteout, TarEntry entry) throws IOException, NeedsParentsException {
        if (Whiteout.isOpaque(whiteout.name())) {
            opaque(whiteout);
        } else if (!Whiteout.isReserved(whiteout.name())) {
            remove(whiteout, entry);
        }
    }

    private void remove(EntryPath whiteout, TarEntry entry) throws IOException, NeedsParentsException {
        byte[] target = Whiteout.target(whiteout.name());
        if (target.length == 0
                || Arrays.equals(target, new byte[] {'.'})
                || Arrays.equals(target, new byte[] {'.', '.'})) {
            throw PaxHeaders.corrupt("the whiteout " + whiteout.shown() + " removes nothing that can be");
        }
        count++;
        EntryPath path = new EntryPath(whiteout.parent(), target);
        if (mode == ApplyMode.MERGED) {
            OpenDirectory parent = parents.openExisting(whiteout.parent());
            if (parent != null) {
                try (parent) {
                    removeUnlessMade(parent, path);
                }
            }
            return;
        }
        OpenDirectory parent = parents.open(whiteout.parent());
        Stat old = parent.stat(target);
        if (old == null) {
            marks.makeWhiteout(parent, target);
            parent.setTimes(target, entry.mtimeSeconds(), entry.mtimeNanos());
        } else if (old.isDirectory()) {
            makeOpaque(parent, target);
        }
    }

    private void removeUnlessMade(OpenDirectory parent, EntryPath path) throws IOException {
        Stat old = parent.stat(path.name());
        if (old == null) {
            return;
        }
        if (!ofThisLayer.contains(EntryPath.key(path.path()))) {
            parents.replaced(old);
            parent.removeTree(path.name());
        } else if (old.isDirectory()) {
            try (OpenDirectory directory = parent.directory(path.name())) {
                removeAllUnlessMade(directory, path.path());
            }
        }
    }

    private void removeAllUnlessMade(OpenDirectory directory, byte[] path) throws IOException {
        for (byte[] name : directory.names()) {
            removeUnlessMade(directory, new EntryPath(path, name));
        }
    }

    private void opaque(EntryPath marker) throws IOException, NeedsParentsException {
        count++;
        if (mode == ApplyMode.MERGED) {
            OpenDirectory directory = parents.openExisting(marker.parent());
            if (directory != null) {
                try (directory) {
                    removeAllUnlessMade(directory, marker.parent());
                }
            }
            return;
        }
        if (marker.parent().length == 0 && mode == ApplyMode.OVERLAY) {
            throw new NeedsParentsException("it removes all that is below it, which overlay cannot tell of a root");
        }
        if (marker.parent().length == 0) {
            parents.incomplete();
            return;
        }
        OpenDirectory directory = parents.open(marker.parent());
        marks.makeOpaque(directory, new byte[] {'.'});
    }

    /// Nothing of lower layers is to be seen in this directory.
    void makeOpaque(OpenDirectory parent, byte[] name) throws IOException {
        if (mode != ApplyMode.MERGED) {
            marks.makeOpaque(parent, name);
        }
    }
}
