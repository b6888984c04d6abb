package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The directories that entries of an archive lie in. The last one stays open, since most often the next entry is
/// in it too.
final class UnpackedParents implements AutoCloseable {
    private final OpenDirectory root;
    private final ApplyMode mode;
    /// Directories that had to be made and that no entry has mentioned so far.
    private final Set<String> unmentioned = new HashSet<>();

    private boolean incomplete;
    private @Nullable OpenDirectory last;
    private byte[] lastPath = new byte[0];

    UnpackedParents(OpenDirectory root, ApplyMode mode) {
        this.root = root;
        this.mode = mode;
    }

    /// The directory of this cleaned path, made if it is not there. It is closed here, and good until the next call.
    OpenDirectory open(byte[] path) throws IOException, NeedsParentsException {
        if (path.length == 0) {
            return root;
        }
        if (last != null && Arrays.equals(path, lastPath)) {
            return last;
        }
        forget();
        OpenDirectory directory = openOrMake(path);
        last = directory;
        lastPath = path;
        return directory;
    }

    private OpenDirectory openOrMake(byte[] path) throws IOException, NeedsParentsException {
        try {
            return root.resolve(path);
        } catch (KernelException e) {
            boolean whiteoutOrFile = e.is(Errno.ENOTDIR);
            if (!e.is(Errno.ENOENT) && !whiteoutOrFile) {
                throw e;
            }
            if (mode == ApplyMode.OVERLAY) {
                throw new NeedsParentsException("there is no entry for the directory "
                        + new String(path, StandardCharsets.UTF_8) + " of one of its files");
            }
            if (whiteoutOrFile) {
                throw e;
            }
        }
        EntryPath missing = EntryPath.of(path);
        try (OpenDirectory parent = missing.parent().length == 0 ? root.again() : openOrMake(missing.parent())) {
            parent.makeDirectory(missing.name(), 0755);
            parent.chmod(missing.name(), 0755);
        }
        unmentioned.add(EntryPath.key(path));
        return root.resolve(path);
    }

    /// The directory of this path, for the caller to close, or null if there is none.
    @Nullable
    OpenDirectory openExisting(byte[] path) throws IOException {
        try {
            return root.resolve(path);
        } catch (KernelException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
                return null;
            }
            throw e;
        }
    }

    /// An entry takes the place of this file: paths through it lead elsewhere now.
    void replaced(Stat old) {
        if (old.isDirectory() || old.isSymbolicLink()) {
            forget();
        }
    }

    void mentioned(EntryPath directory) {
        if (!unmentioned.isEmpty()) {
            unmentioned.remove(EntryPath.key(directory.path()));
        }
    }

    /// The layer means something else where others lie below it.
    void incomplete() {
        incomplete = true;
    }

    /// Whether there was an entry for every directory, and the layer means the same wherever it lies.
    boolean complete() {
        return unmentioned.isEmpty() && !incomplete;
    }

    private void forget() {
        if (last != null) {
            last.close();
            last = null;
        }
    }

    @Override
    public void close() {
        forget();
        root.close();
    }
}
