package dev.jbuild.solver.file;

import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.solver.context.FileName;
import dev.jbuild.solver.context.Match;
import dev.jbuild.solver.context.Selection;
import dev.jbuild.solver.context.Tree;
import dev.jbuild.solver.context.TreeEntry;
import dev.jbuild.solver.context.TreeVisitor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Copies one selected file, or the contents of one selected directory, to the destination.
final class TreeCopier implements TreeVisitor {
    private static final int PARENT_MODE = 0755;

    private final Destination destination;
    private final Tree tree;
    private final NewMetadata metadata;
    private final FileCopier files;
    private final Deque<Level> levels = new ArrayDeque<>();
    private DestinationPath target = new DestinationPath(List.of());

    /// A directory that is being filled.
    ///
    /// @param from the directory in the source tree
    /// @param to the directory in the destination
    /// @param fresh whether it was made just now, so that nothing is in the way in it
    /// @param described whether it takes owner, permissions and attributes of its source
    /// @param timed whether it takes its source's time
    private record Level(
            OpenDirectory from, OpenDirectory to, Stat toStat, boolean fresh, boolean described, boolean timed)
            implements AutoCloseable {
        @Override
        public void close() {
            from.close();
            to.close();
        }
    }

    TreeCopier(Destination destination, Tree tree, NewMetadata metadata) {
        this.destination = destination;
        this.tree = tree;
        this.metadata = metadata;
        this.files = new FileCopier(destination, tree, metadata);
    }

    /// @param written the destination as the instruction has it
    void copy(Selection selection, Match match, String written) throws IOException, InterruptedException {
        boolean directory = match.file().stat().isDirectory();
        target = directory ? destination.resolve(written) : destination.forFile(written, match.name(), metadata);
        try {
            if (selection.parents()) {
                OpenDirectory to = destination.makeDirectories(target, PARENT_MODE, metadata);
                push(to, () -> openSource(match.file().name()), false, false, false);
            }
            selection.walk(tree, match, this);
        } finally {
            levels.forEach(Level::close);
        }
    }

    @FunctionalInterface
    private interface Source {
        OpenDirectory open() throws IOException;
    }

    private void push(OpenDirectory to, Source source, boolean fresh, boolean described, boolean timed)
            throws IOException {
        try {
            Stat stat = to.stat();
            levels.push(new Level(source.open(), to, stat, fresh, described, timed));
        } catch (IOException | RuntimeException e) {
            to.close();
            throw e;
        }
    }

    private OpenDirectory openSource(String path) throws IOException {
        return OpenDirectory.open(tree.location(path));
    }

    @Override
    public void enter(String name, TreeEntry file, boolean selected) throws IOException {
        Level above = levels.peek();
        if (above == null) {
            top(file);
            return;
        }
        byte[] last = FileName.encode(lastName(name));
        Stat there = above.fresh ? null : above.to.stat(last);
        if (there == null) {
            above.to.makeDirectory(last, 0700);
        } else if (!there.isDirectory()) {
            throw notDirectory(name);
        }
        boolean described = there == null || selected;
        Source source = () -> above.from.directory(FileName.encode(lastName(file.name())));
        push(above.to.directory(last), source, there == null, described, described);
    }

    /// The selected directory itself is not copied, only what it holds: where that goes keeps what it is or, if it is
    /// not there, is made as any directory on the way. Only the time is the source's.
    private void top(TreeEntry file) throws IOException {
        boolean fresh = destination.stat(target) == null;
        OpenDirectory to = destination.makeDirectories(target, PARENT_MODE, metadata);
        push(to, () -> openSource(file.name()), fresh, false, true);
    }

    private FileActionException notDirectory(String name) {
        return new FileActionException("cannot copy to non-directory: " + shown(name));
    }

    private String shown(String name) {
        return name.isEmpty() ? target.toString() : (target.isRoot() ? "" : target) + "/" + name;
    }

    @Override
    public void leave(String name, TreeEntry file) throws IOException {
        try (Level level = levels.pop()) {
            if (level.described) {
                describe(level, name, file);
            }
            if (level.timed) {
                level.to.setTimes(
                        Destination.SELF,
                        file.stat().mtimeSeconds(),
                        file.stat().mtimeNanos());
            }
        }
    }

    private void describe(Level level, String name, TreeEntry file) throws IOException {
        FileOwner owner =
                metadata.ownerOr(new FileOwner(file.stat().uid(), file.stat().gid()));
        if (owner.uid() != level.toStat.uid() || owner.gid() != level.toStat.gid()) {
            Destination.give(owner, shown(name), (uid, gid) -> level.to.chown(Destination.SELF, uid, gid));
        }
        level.to.chmod(Destination.SELF, metadata.permissions(file.stat().permissions(), true));
        files.copyXattrs(file, level.to, Destination.SELF);
    }

    @Override
    public void file(String name, TreeEntry file) throws IOException {
        Level level = levels.peek();
        if (level != null) {
            byte[] last = FileName.encode(lastName(name));
            FileCopier.Place to = new FileCopier.Place(level.to, level.toStat, last, target, name);
            files.copy(file, level.from, to, level.fresh);
            return;
        }
        int slash = file.name().lastIndexOf('/');
        try (OpenDirectory from = openSource(file.name().substring(0, Math.max(slash, 0)));
                OpenDirectory to = destination.open(target.parent())) {
            byte[] last = FileName.encode(target.name());
            files.copy(file, from, new FileCopier.Place(to, to.stat(), last, target, ""), false);
        }
    }

    private static String lastName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
