package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.archive.LayerEntry;
import dev.jbuild.layerstore.content.StoreException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All paths of an image, as its layers are laid over each other, the lowest first.
///
/// Within a layer, whiteouts come before everything else whatever their place in the archive, and of two entries for
/// one path the later counts, as in every engine that unpacks layers.
final class FileTree {
    /// No path on Linux is longer.
    private static final int LONGEST_PATH = 4096;
    /// Beyond these an image is made to fill a memory, not to be run.
    private static final int MOST_FILES = 2_000_000;

    private static final long MOST_TEXT = 256L << 20;

    /// Up to here numbers are exact wherever JSON is read.
    private static final long MOST_BYTES = 1L << 53;

    private final Node root = new Node("");
    private final Map<FileState, FileState> known = new HashMap<>();
    private int files = 1;
    private int versions;
    private long text;
    private long bytes;
    private int layer = -1;

    private static final class Node {
        final String name;
        final List<Change> changes = new ArrayList<>(1);

        @Nullable
        Map<String, Node> children;

        int touched = -1;

        Node(String name) {
            this.name = name;
        }

        @Nullable
        Change last() {
            return changes.isEmpty() ? null : changes.getLast();
        }

        Collection<Node> children() {
            return children == null ? List.of() : children.values();
        }

        boolean isDirectory() {
            Change last = last();
            return last != null
                    && last.kind() != ChangeKind.REMOVED
                    && last.state().kind() == FileKind.DIRECTORY;
        }

        /// The state below a layer; null if it was not there.
        @Nullable
        FileState below(int layer) {
            for (Change change : changes.reversed()) {
                if (change.layer() < layer) {
                    return change.kind() == ChangeKind.REMOVED ? null : change.state();
                }
            }
            return null;
        }
    }

    /// Begins the next layer.
    void nextLayer() {
        layer++;
    }

    /// Lays one entry over what there is.
    void add(LayerEntry entry) {
        if (entry.path().length() > LONGEST_PATH) {
            throw tooMuch("a path of " + entry.path().length() + " characters");
        }
        counted(entry.link().length()
                + entry.attributes().stream().mapToInt(String::length).sum());
        switch (entry.kind()) {
            case WHITEOUT -> whiteout(entry.path(), true);
            case OPAQUE_WHITEOUT -> whiteout(entry.path(), false);
            case FILE, DIRECTORY, SYMBOLIC_LINK, HARD_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO ->
                set(node(entry.path()), FileState.of(entry));
        }
    }

    private void whiteout(String path, boolean itself) {
        Node node = find(path);
        if (node == null) {
            return;
        }
        if (itself) {
            remove(List.of(node));
        } else {
            remove(node.children());
        }
    }

    /// Removes what layers below this one have there, and leaves what this one has.
    private void remove(Collection<Node> nodes) {
        Deque<Node> open = new ArrayDeque<>(nodes);
        while (!open.isEmpty()) {
            Node node = open.pop();
            Change last = node.last();
            if (last == null || last.kind() == ChangeKind.REMOVED) {
                continue;
            }
            if (node.touched < layer) {
                node.changes.add(new Change(layer, ChangeKind.REMOVED, last.state()));
                counted();
            }
            node.children().forEach(open::push);
        }
    }

    /// Removes everything in a directory: something that is none takes its place.
    private void drop(Node directory) {
        Deque<Node> open = new ArrayDeque<>(directory.children());
        while (!open.isEmpty()) {
            Node node = open.pop();
            undo(node);
            node.touched = -1;
            Change last = node.last();
            if (last != null && last.kind() != ChangeKind.REMOVED) {
                node.changes.add(new Change(layer, ChangeKind.REMOVED, last.state()));
                counted();
            }
            node.children().forEach(open::push);
        }
    }

    /// Forgets what this layer has said of a path so far.
    private void undo(Node node) {
        Change last = node.last();
        if (last != null && last.layer() == layer) {
            node.changes.removeLast();
            versions--;
        }
    }

    private void set(Node node, FileState wanted) {
        bytes += wanted.size();
        if (bytes > MOST_BYTES || bytes < 0) {
            throw tooMuch("files of more than " + MOST_BYTES + " bytes");
        }
        FileState state = known.computeIfAbsent(wanted, same -> same);
        FileState below = node.below(layer);
        undo(node);
        boolean directory = state.kind() == FileKind.DIRECTORY;
        if (!directory) {
            drop(node);
        }
        node.touched = layer;
        ChangeKind kind = below == null ? ChangeKind.ADDED : state.after(below);
        if (directory && kind == ChangeKind.REPEATED) {
            // Layers name the directories of their files, and change nothing by it.
            return;
        }
        node.changes.add(new Change(layer, kind, state));
        counted();
    }

    private @Nullable Node find(String path) {
        Node node = root;
        for (String part : parts(path)) {
            node = node.children == null ? null : node.children.get(part);
            if (node == null) {
                return null;
            }
        }
        return node;
    }

    /// The place of a path, with the directories on the way to it.
    private Node node(String path) {
        Node node = root;
        for (String part : parts(path)) {
            if (node != root && !node.isDirectory()) {
                set(node, FileState.IMPLIED_DIRECTORY);
            }
            node.touched = layer;
            if (node.children == null) {
                node.children = new HashMap<>(4);
            }
            Node child = node.children.get(part);
            if (child == null) {
                child = new Node(part);
                node.children.put(part, child);
                if (++files > MOST_FILES) {
                    throw tooMuch("more than " + MOST_FILES + " files");
                }
                counted(part.length());
            }
            node = child;
        }
        return node;
    }

    private static String[] parts(String path) {
        return path.isEmpty() ? new String[0] : path.split("/", -1);
    }

    private void counted() {
        if (++versions > 2 * MOST_FILES) {
            throw tooMuch("more than " + 2 * MOST_FILES + " changes of files");
        }
    }

    private void counted(int characters) {
        text += characters;
        if (text > MOST_TEXT) {
            throw tooMuch("more than " + MOST_TEXT + " bytes of file names");
        }
    }

    private static StoreException tooMuch(String what) {
        return new StoreException(
                StoreException.Kind.UNSUPPORTED, "the image has " + what + ", which is more than jbuild explores");
    }

    /// Every path that a layer changes, each directory before what is in it, and what is in it by name.
    List<ExploredFile> files() {
        List<ExploredFile> all = new ArrayList<>(files);
        collect(root, all);
        return all;
    }

    /// A place in the walk, which is not recursive: paths of hostile images are deep.
    private record Visit(Node node, int parent) {}

    private static void collect(Node root, List<ExploredFile> all) {
        Deque<Visit> open = new ArrayDeque<>();
        open.push(new Visit(root, -1));
        while (!open.isEmpty()) {
            Visit visit = open.pop();
            int place = all.size();
            all.add(new ExploredFile(visit.parent, visit.node.name, visit.node.changes));
            visit.node.children().stream()
                    .sorted(Comparator.comparing((Node child) -> child.name).reversed())
                    .forEach(child -> open.push(new Visit(child, place)));
        }
    }
}
