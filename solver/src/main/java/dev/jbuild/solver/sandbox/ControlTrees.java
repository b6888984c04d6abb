package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The trees of control groups of this machine, each at a place that is out of sight of all other processes, and gone
/// with this one.
final class ControlTrees implements AutoCloseable {
    private static final Path SHOWN = Path.of("/sys/fs/cgroup");

    private final Map<String, OpenDirectory> open = new HashMap<>();
    private @Nullable OpenDirectory shown;

    /// Keeps a way to the trees that the machine shows, before a sandbox hides them. Only who may not mount them
    /// anew needs those.
    void remember() throws IOException {
        if (shown == null && Kernel.inUserNamespace() && Files.isDirectory(SHOWN)) {
            shown = OpenDirectory.open(SHOWN);
        }
    }

    /// The root of a tree.
    ///
    /// @param trial an empty directory, which stays empty
    /// @throws SandboxException if it cannot be reached
    Path root(ControlGroups.Hierarchy hierarchy, Path trial) throws IOException {
        OpenDirectory directory = open.get(hierarchy.name());
        if (directory == null) {
            directory = open(hierarchy, trial);
            open.put(hierarchy.name(), directory);
        }
        return directory.place();
    }

    private OpenDirectory open(ControlGroups.Hierarchy hierarchy, Path trial) throws IOException {
        try {
            Kernel.mountControlGroups(trial, hierarchy.version() == 2 ? "" : hierarchy.name());
        } catch (KernelException e) {
            // A user namespace may not mount them anew, but may have been given a part of those that are there.
            Optional<Path> place = place(Files.readAllLines(Path.of("/proc/self/mountinfo")), hierarchy)
                    .map(this::seen)
                    .filter(Files::isDirectory);
            if (place.isEmpty()) {
                throw new SandboxException("control groups cannot be reached (" + e.name() + "): --resource and"
                        + " --cgroup-parent need the right to mount them, or to see those of the machine");
            }
            return OpenDirectory.open(place.get());
        }
        try {
            return OpenDirectory.open(trial);
        } finally {
            Kernel.detachMount(trial);
        }
    }

    /// A path to a mount, also below one that has been mounted over it since.
    private Path seen(Path place) {
        OpenDirectory directory = shown;
        return directory != null && place.startsWith(SHOWN)
                ? directory.place().resolve(SHOWN.relativize(place))
                : place;
    }

    /// Where a tree is mounted as a whole.
    ///
    /// @param mounts lines of /proc/self/mountinfo
    static Optional<Path> place(List<String> mounts, ControlGroups.Hierarchy hierarchy) {
        for (String line : mounts) {
            String[] halves = line.split(" - ", 2);
            String[] mount = halves[0].split(" ", -1);
            String[] system = halves[halves.length - 1].split(" ", -1);
            if (mount.length < 5 || system.length < 3 || !mount[3].equals("/")) {
                continue;
            }
            boolean found = hierarchy.version() == 2
                    ? system[0].equals("cgroup2")
                    : system[0].equals("cgroup")
                            && Arrays.asList(system[2].split(",", -1))
                                    .containsAll(List.of(hierarchy.name().split(",", -1)));
            if (found) {
                return Optional.of(Path.of(mount[4]));
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        open.values().forEach(OpenDirectory::close);
        open.clear();
        OpenDirectory directory = shown;
        if (directory != null) {
            directory.close();
        }
    }
}
