package dev.jbuild.cli.explore;

import java.util.List;

/// A path that at least one layer has something to say about, and all of what they say.
///
/// @param parent the place of its directory in the list of all files, which is before its own; -1 for the root
/// @param name the last part of the path; empty for the root
/// @param changes in the order of the layers
public record ExploredFile(int parent, String name, List<Change> changes) {
    public ExploredFile {
        changes = List.copyOf(changes);
    }

    /// The bytes of those of its versions that a later layer hides.
    public long wasted() {
        long wasted = 0;
        for (int i = 0; i < changes.size() - 1; i++) {
            wasted += bytes(changes.get(i));
        }
        return wasted;
    }

    /// The bytes of all its versions.
    long written() {
        return changes.stream().mapToLong(ExploredFile::bytes).sum();
    }

    /// The bytes of its smallest version; 0 if it was ever removed.
    long smallest() {
        return changes.stream().mapToLong(ExploredFile::bytes).min().orElse(0);
    }

    /// How many layers have a version of it.
    int versions() {
        return (int) changes.stream()
                .filter(change -> change.kind() != ChangeKind.REMOVED)
                .count();
    }

    /// Whether the image has it in the end.
    boolean remains() {
        return !changes.isEmpty() && changes.getLast().kind() != ChangeKind.REMOVED;
    }

    static long bytes(Change change) {
        return change.kind() == ChangeKind.REMOVED ? 0 : change.state().size();
    }
}
