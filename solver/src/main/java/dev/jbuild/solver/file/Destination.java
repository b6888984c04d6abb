package dev.jbuild.solver.file;

import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.solver.context.FileName;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tree that is written to. Symbolic links are only ever followed by [#resolve], inside the tree; everything else
/// goes from directory to directory by name.
final class Destination implements AutoCloseable {
    static final byte[] SELF = {'.'};

    private static final int PARENT_MODE = 0755;

    private final Path root;
    private final OpenDirectory directory;
    /// Whom a new file belongs to before anybody says otherwise.
    private final FileOwner self;

    private Destination(Path root, OpenDirectory directory, FileOwner self) {
        this.root = root;
        this.directory = directory;
        this.self = self;
    }

    static Destination open(Path root) throws IOException {
        Stat process = Kernel.stat(Path.of("/proc/thread-self"));
        FileOwner self = process == null ? new FileOwner(-1, -1) : new FileOwner(process.uid(), process.gid());
        return new Destination(root, OpenDirectory.open(root), self);
    }

    /// Where a path leads, the last name too. What is not there is taken as it is written.
    DestinationPath resolve(String path) throws IOException {
        List<String> names = new ArrayList<>();
        Path resolved = Kernel.resolveInRoot(root, path);
        for (int i = root.getNameCount(); i < resolved.getNameCount(); i++) {
            names.add(FileName.of(resolved.getRoot().resolve(resolved.subpath(0, i + 1))));
        }
        return new DestinationPath(names);
    }

    /// The file at this path; null if there is none.
    @Nullable
    Stat stat(DestinationPath path) throws IOException {
        if (path.isRoot()) {
            return directory.stat();
        }
        DestinationPath parent = path.parent();
        Stat above = stat(parent);
        if (above == null || !above.isDirectory()) {
            return null;
        }
        try (OpenDirectory in = open(parent)) {
            return in.stat(FileName.encode(path.name()));
        }
    }

    /// Opens a directory that is there.
    OpenDirectory open(DestinationPath path) throws IOException {
        return directory.resolve(FileName.encode(String.join("/", path.names())));
    }

    /// Where a file goes that an instruction copies to `written`: into it, under its own name, if it is or must be a
    /// directory. The directories above it are made.
    DestinationPath forFile(String written, String name, NewMetadata metadata) throws IOException {
        DestinationPath path = resolve(written);
        Stat stat = stat(path);
        boolean into = written.endsWith("/") || (stat != null && stat.isDirectory());
        makeDirectories(into ? path : path.parent(), PARENT_MODE, metadata).close();
        return into ? path.child(name) : path;
    }

    /// Opens a directory, after making it and those above it that are not there.
    ///
    /// @param mode the permissions of what is made, unless the instruction has its own
    OpenDirectory makeDirectories(DestinationPath path, int mode, NewMetadata metadata) throws IOException {
        OpenDirectory at = directory.again();
        DestinationPath shown = new DestinationPath(List.of());
        try {
            for (String name : path.names()) {
                shown = shown.child(name);
                OpenDirectory below = makeDirectory(at, shown, mode, metadata);
                at.close();
                at = below;
            }
            return at;
        } catch (IOException | RuntimeException e) {
            at.close();
            throw e;
        }
    }

    private OpenDirectory makeDirectory(OpenDirectory at, DestinationPath path, int mode, NewMetadata metadata)
            throws IOException {
        byte[] name = FileName.encode(path.name());
        try {
            return at.directory(name);
        } catch (KernelException e) {
            if (e.is(Errno.ENOTDIR) || e.is(Errno.ELOOP)) {
                throw new FileActionException("cannot copy to non-directory: " + path, e);
            }
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
        at.makeDirectory(name, 0700);
        OpenDirectory made = at.directory(name);
        try {
            FileOwner owner = metadata.ownerOr(FileOwner.ROOT);
            if (needsOwner(owner, at.stat())) {
                give(owner, path, (uid, gid) -> made.chown(SELF, uid, gid));
            }
            made.chmod(SELF, metadata.permissionsOfParent(mode));
            return made;
        } catch (IOException | RuntimeException e) {
            made.close();
            throw e;
        }
    }

    /// One way to change a file's owner.
    @FunctionalInterface
    interface Chown {
        void to(int uid, int gid) throws KernelException;
    }

    /// Gives a file to somebody.
    ///
    /// @param path names the file if that cannot be done
    static void give(FileOwner owner, Object path, Chown chown) throws IOException {
        try {
            chown.to(owner.uid(), owner.gid());
        } catch (KernelException e) {
            if (e.is(Errno.EINVAL) || e.is(Errno.EPERM)) {
                throw new FileActionException(
                        "cannot give " + path + " to " + owner + ": the user who runs jbuild has no such subordinate"
                                + " numbers; extend the ranges in /etc/subuid and /etc/subgid, or run jbuild as root",
                        e);
            }
            throw e;
        }
    }

    /// Whether a file that is made in this directory has another owner than it should.
    boolean needsOwner(FileOwner wanted, Stat directory) {
        int setGroup = 02000;
        return !wanted.equals(self) || (directory.mode() & setGroup) != 0;
    }

    /// Makes a file with this text; whatever file was there is replaced.
    void write(DestinationPath path, String content, int permissions, FileOwner owner) throws IOException {
        byte[] name = FileName.encode(path.name());
        try (OpenDirectory in = open(path.parent())) {
            clear(in, name, path);
            try (OpenFile file = in.create(name, 0600)) {
                try (OutputStream out = file.output()) {
                    out.write(content.getBytes(StandardCharsets.UTF_8));
                }
                if (needsOwner(owner, in.stat())) {
                    give(owner, path, file::chown);
                }
                file.chmod(permissions);
            }
        }
    }

    /// Makes room for a file of this name.
    static void clear(OpenDirectory in, byte[] name, Object shown) throws IOException {
        Stat stat = in.stat(name);
        if (stat == null) {
            return;
        }
        if (stat.isDirectory()) {
            throw new FileActionException("cannot replace to directory " + shown + " with file");
        }
        in.unlink(name);
    }

    @Override
    public void close() {
        directory.close();
    }
}
