package dev.jbuild.solver.file;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.context.Match;
import dev.jbuild.solver.context.Selection;
import dev.jbuild.solver.context.Tree;
import dev.jbuild.solver.graph.FileAction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Does what COPY, ADD and WORKDIR ask for. Nothing is read or written outside the trees, whatever symbolic links
/// they contain.
public final class FileActions {
    private static final int DIRECTORY_MODE = 0755;
    private static final int FILE_MODE = 0644;

    private final Path root;
    private final Destination destination;
    private final Inputs inputs;

    /// The trees that actions read.
    @FunctionalInterface
    public interface Inputs {
        Tree tree(int input) throws IOException, InterruptedException;
    }

    private FileActions(Path root, Destination destination, Inputs inputs) {
        this.root = root;
        this.destination = destination;
        this.inputs = inputs;
    }

    /// Does the actions in their order.
    ///
    /// @param root a root file system that may be written to
    /// @throws FileActionException if one cannot be done as it is asked for
    /// @throws dev.jbuild.solver.context.SourceNotFoundException if a file that is to be copied is not there
    public static void apply(Path root, List<FileAction> actions, Inputs inputs)
            throws IOException, InterruptedException {
        try (Destination destination = Destination.open(root)) {
            FileActions all = new FileActions(root, destination, inputs);
            for (FileAction action : actions) {
                switch (action) {
                    case FileAction.Copy copy -> all.copy(copy);
                    case FileAction.MakeDirectory make -> all.makeDirectory(make);
                    case FileAction.MakeFile make -> all.makeFile(make);
                }
            }
        }
    }

    private void copy(FileAction.Copy copy) throws IOException, InterruptedException {
        Tree tree = inputs.tree(copy.source());
        Selection selection = Selection.of(copy);
        List<Match> matches = selection.matches(tree);
        if (matches.isEmpty()) {
            return;
        }
        NewMetadata metadata = metadata(copy.owner(), copy.mode());
        for (Match match : matches) {
            if (copy.unpack() && match.file().stat().isRegular() && unpack(copy, tree, match, metadata)) {
                continue;
            }
            new TreeCopier(destination, tree, metadata).copy(selection, match, copy.destination());
        }
    }

    private boolean unpack(FileAction.Copy copy, Tree tree, Match match, NewMetadata metadata) throws IOException {
        Path file = tree.location(match.file().name());
        LocalArchive archive = LocalArchive.detect(file);
        if (archive == null) {
            return false;
        }
        // Permissions are the archive's business, whatever --chmod says.
        NewMetadata made = new NewMetadata(metadata.owner(), null);
        destination
                .makeDirectories(destination.resolve(copy.destination()), DIRECTORY_MODE, made)
                .close();
        archive.unpack(root, copy.destination(), metadata.owner());
        FileCopier.checkUnchanged(tree, match.file(), Kernel.stat(file));
        return true;
    }

    private void makeDirectory(FileAction.MakeDirectory make) throws IOException {
        NewMetadata metadata = metadata(make.owner(), null);
        DestinationPath path = destination.resolve(make.path());
        if (!make.makeParents() && destination.stat(path.parent()) == null) {
            throw new FileActionException("cannot make directory " + path + ": " + path.parent() + " is not there");
        }
        destination.makeDirectories(path, make.mode() & 0777, metadata).close();
    }

    private void makeFile(FileAction.MakeFile make) throws IOException {
        NewMetadata metadata = metadata(make.owner(), make.mode());
        DestinationPath path = destination.forFile(make.path(), make.name(), metadata);
        destination.write(
                path, make.content(), metadata.permissions(FILE_MODE, false), metadata.ownerOr(FileOwner.ROOT));
    }

    private NewMetadata metadata(FileAction.@Nullable Owner owner, FileAction.@Nullable Mode mode) throws IOException {
        return new NewMetadata(
                owner == null ? null : new OwnerLookup(root).find(owner), mode == null ? null : ModeChange.parse(mode));
    }
}
