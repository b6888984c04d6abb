package dev.jbuild.solver.run;

import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.sandbox.SandboxSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A process of RUN that failed, and all it takes to run another one in its place. Secrets are named and not known.
///
/// @param keep whether it outlives the next build of the same
/// @param name the progress line of the step
/// @param settings how it was run
/// @param shell the words of SHELL at its place
/// @param below the layers that it stood on, the lowest first
/// @param left what the process had changed, to be mounted on top of them
/// @param inputs the layers of what it mounted, by the number of the input
/// @param copies the snapshots among those that are there for this record only
public record FailedRun(
        boolean keep,
        String name,
        SandboxSettings settings,
        List<String> shell,
        Op.Exec exec,
        List<SnapshotId> below,
        SnapshotId left,
        Map<String, List<SnapshotId>> inputs,
        List<SnapshotId> copies) {
    private static final int ID_LENGTH = 12;

    public FailedRun {
        shell = List.copyOf(shell);
        below = List.copyOf(below);
        inputs = Map.copyOf(inputs);
        copies = List.copyOf(copies);
    }

    /// What people call it.
    public String id() {
        return left.value().substring(0, Math.min(ID_LENGTH, left.value().length()));
    }

    /// The root file system as the process left it: its layers, the lowest first.
    public List<SnapshotId> layers() {
        return Stream.concat(below.stream(), Stream.of(left)).toList();
    }

    /// The snapshots that nobody else needs.
    public List<SnapshotId> own() {
        return Stream.concat(Stream.of(left), copies.stream()).toList();
    }

    /// All that must be in the store for it to be of use.
    Stream<SnapshotId> needed() {
        return Stream.concat(layers().stream(), inputs.values().stream().flatMap(List::stream));
    }
}
