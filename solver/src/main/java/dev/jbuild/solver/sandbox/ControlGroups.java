package dev.jbuild.solver.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// Makes the control groups that hold processes to their [Resources], of version 1 or 2, whichever the kernel uses for
/// what is limited.
///
/// Where the machine shows its groups does not matter: they are mounted once more, at a place that is out of sight at
/// once and reached by its descriptor only, so that nothing is left of it when this process ends.
public final class ControlGroups implements AutoCloseable {
    private static final AtomicLong NEXT = new AtomicLong();
    /// What a group is made for that has no limits of its own, where version 1 keeps several trees.
    private static final List<String> ACCOUNTED = List.of("memory", "cpu", "cpuacct", "pids", "blkio");

    /// The mistake of who may not make groups, and what helps.
    private static final String DELEGATE = ": an ordinary user needs a control group of its own, as `systemd-run --user"
            + " --scope -p Delegate=yes` gives one, or --cgroup-parent names one";

    private final ControlTrees trees = new ControlTrees();

    /// Looks at nothing yet: groups are looked for when the first is made or remembered.
    public ControlGroups() {}

    /// To be called before anything hides the machine's groups.
    public synchronized void remember() throws IOException {
        trees.remember();
    }

    /// A group for one process and those that it starts, or nothing if there is nothing to limit or to measure.
    ///
    /// @param parent as in `--cgroup-parent`, empty for the group of this process
    /// @param trial where to make an empty directory, if one is needed
    /// @throws SandboxException if this process may not
    public synchronized Optional<ControlGroup> make(SandboxSettings settings, String parent, Path trial)
            throws IOException {
        Resources resources = settings.resources();
        if (!resources.any() && parent.isEmpty() && !settings.measured()) {
            return Optional.empty();
        }
        Files.createDirectory(trial);
        Map<String, Hierarchy> hierarchies = Hierarchy.parse(Files.readAllLines(Path.of("/proc/self/cgroup")));
        List<String> limited = resources.controllers();
        Set<String> needed = new LinkedHashSet<>(limited);
        if (!parent.isEmpty() || settings.measured()) {
            ACCOUNTED.stream().filter(hierarchies::containsKey).forEach(needed::add);
        }
        if (needed.isEmpty()) {
            needed.add(Hierarchy.UNIFIED);
        }
        if (settings.measured() && hierarchies.containsKey(Hierarchy.UNIFIED)) {
            // What version 1 does not count, version 2 may.
            Stream.of("memory", "io")
                    .filter(controller -> !hierarchies.containsKey(controller.equals("io") ? "blkio" : controller))
                    .forEach(needed::add);
        }
        String name = "jbuild-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet();
        ControlGroup group = new ControlGroup(resources);
        Map<String, Path> made = new HashMap<>();
        try {
            SandboxException missed = null;
            for (String controller : needed) {
                Hierarchy hierarchy = hierarchies.getOrDefault(controller, hierarchies.get(Hierarchy.UNIFIED));
                if (hierarchy == null) {
                    throw refused(controller, "this kernel has none");
                }
                try {
                    enter(group, made, hierarchy, controller, parent, name, trial);
                } catch (SandboxException e) {
                    if (limited.contains(controller)) {
                        throw e;
                    }
                    // Without a limit, some of the trees of version 1 are enough.
                    missed = e;
                }
            }
            if (made.isEmpty() && missed != null) {
                throw missed;
            }
            return Optional.of(group);
        } catch (IOException | RuntimeException e) {
            group.close();
            throw e;
        }
    }

    private void enter(
            ControlGroup group,
            Map<String, Path> made,
            Hierarchy hierarchy,
            String controller,
            String wanted,
            String name,
            Path trial)
            throws IOException {
        Path root = trees.root(hierarchy, trial);
        Path directory = made.get(hierarchy.name());
        if (directory == null) {
            Path above = parent(root, hierarchy, wanted);
            sweep(above);
            directory = above.resolve(name);
            make(directory, controller);
            made.put(hierarchy.name(), directory);
            group.add(root, directory, hierarchy.version());
        }
        if (hierarchy.version() == 2 && !controller.equals(Hierarchy.UNIFIED)) {
            enable(root, directory, controller);
        }
        group.limit(directory, hierarchy.version(), controller);
    }

    private static Path parent(Path root, Hierarchy hierarchy, String wanted) {
        if (!wanted.isEmpty()) {
            Path place = root.resolve(ControlGroup.relative(wanted)).normalize();
            if (!place.startsWith(root)) {
                throw new SandboxException("--cgroup-parent " + wanted + ": not below the root of control groups");
            }
            try {
                make(root, place);
            } catch (IOException e) {
                throw new SandboxException("--cgroup-parent " + wanted + " cannot be made ("
                        + e.getClass().getSimpleName() + ")" + DELEGATE);
            }
            return place;
        }
        Path own = root.resolve(hierarchy.own().substring(1));
        // Version 2 has no limits below a group that has processes itself, and this process is in its own group.
        Path place = hierarchy.version() == 2 && !own.equals(root)
                ? own.resolveSibling(".").normalize()
                : own;
        return place.startsWith(root) && Files.isDirectory(place) ? place : root;
    }

    /// Makes a group that others will lie in, and those that it lies in. In a new one of version 1, nobody
    /// may use any processor.
    private static void make(Path root, Path group) throws IOException {
        boolean empty = Files.exists(root.resolve("cpuset.cpus")) && !Files.exists(root.resolve("cgroup.controllers"));
        Path at = root;
        for (Path name : root.relativize(group)) {
            at = at.resolve(name);
            if (!Files.isDirectory(at)) {
                Files.createDirectory(at);
            }
            for (String file : empty ? List.of("cpuset.cpus", "cpuset.mems") : List.<String>of()) {
                if (Files.readString(at.resolve(file)).isBlank()) {
                    ControlGroup.inherit(at, file);
                }
            }
        }
    }

    private static void make(Path directory, String controller) {
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw refused(controller, "none can be made (" + e.getClass().getSimpleName() + ")" + DELEGATE);
        }
    }

    private static void enable(Path root, Path directory, String controller) throws IOException {
        Path at = root;
        for (Path name : root.relativize(directory)) {
            Path switches = at.resolve("cgroup.subtree_control");
            if (!List.of(Files.readString(switches).strip().split(" ")).contains(controller)) {
                try {
                    Files.writeString(switches, "+" + controller);
                } catch (IOException e) {
                    throw refused(
                            controller,
                            "it is not delegated to this process: " + controller
                                    + " cannot be enabled in cgroup.subtree_control; --cgroup-parent names a group"
                                    + " where it is");
                }
            }
            at = at.resolve(name);
        }
    }

    private static SandboxException refused(String controller, String why) {
        return new SandboxException("no control group for " + (controller.isEmpty() ? "RUN" : controller) + ": " + why);
    }

    /// Takes away what builds left that were killed.
    private static void sweep(Path parent) throws IOException {
        List<Path> left = new ArrayList<>();
        try (var groups = Files.newDirectoryStream(parent, "jbuild-*-*")) {
            groups.forEach(left::add);
        }
        for (Path group : left) {
            String pid = String.valueOf(group.getFileName()).split("-", -1)[1];
            if (pid.matches("[0-9]{1,10}") && !Files.exists(Path.of("/proc", pid))) {
                ControlGroup.remove(group);
            }
        }
    }

    @Override
    public synchronized void close() {
        trees.close();
    }

    /// One tree of control groups.
    ///
    /// @param name its controllers as the kernel writes them, or [#UNIFIED]
    /// @param own the group of this process, absolute
    record Hierarchy(String name, int version, String own) {
        static final String UNIFIED = "";

        /// By controller. What is not there is in the unified one, if there is one.
        ///
        /// @param lines of /proc/self/cgroup
        static Map<String, Hierarchy> parse(List<String> lines) {
            Map<String, Hierarchy> hierarchies = new HashMap<>();
            for (String line : lines) {
                String[] fields = line.split(":", 3);
                if (fields.length == 3 && fields[2].startsWith("/")) {
                    Hierarchy hierarchy = new Hierarchy(fields[1], fields[0].equals("0") ? 2 : 1, fields[2]);
                    for (String controller : fields[1].split(",", -1)) {
                        hierarchies.put(controller, hierarchy);
                    }
                }
            }
            return hierarchies;
        }
    }
}
