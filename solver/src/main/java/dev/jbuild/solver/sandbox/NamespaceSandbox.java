package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.MountPlace;
import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.graph.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/// A process in namespaces that util-linux makes, or only under a changed root, where no OCI runtime is to be had.
///
/// The mounts are made by this process, in its own mount namespace, below the root file system, and taken away after.
final class NamespaceSandbox implements SandboxRunner {
    /// What only a process inside the namespaces can do. The words after those of its own are the command.
    private static final String NAMESPACES = """
            mount=$1 table=$2 host=$3 hostname=$4
            shift 4
            "$mount" -n -a -T "$table" || exit 125
            { echo "$host" > /proc/sys/kernel/hostname || "$hostname" "$host"; } 2> /dev/null
            exec "$@"
            """;
    /// Puts the root file system over everything else before the root is changed to it: so above it there is nothing,
    /// for a process that leaves its root, as root can with chroot(2).
    private static final String ROOT = """
            mount=$1 root=$2
            shift 2
            cd "$root" && "$mount" -n -o move . / || exit 125
            exec "$@"
            """;

    /// Brings the loopback interface up, which needs the files that show the new network.
    private static final String LOOPBACK = "sys=$1 mount=$2 && shift 2 && \"$mount\" -t sysfs sysfs \"$sys\""
            + " && echo 1 >\"$sys/class/net/lo/flags\" && \"$mount\" -o remount,bind,ro \"$sys\""
            + " && exec \"$@\"";

    private final Programs programs;
    private final boolean namespaces;

    /// @param namespaces whether to make namespaces; otherwise the root is changed and nothing else
    NamespaceSandbox(Programs programs, boolean namespaces) {
        this.programs = programs;
        this.namespaces = namespaces;
    }

    @Override
    public int run(Sandbox sandbox, BiConsumer<BuildEvent.Stream, String> output)
            throws IOException, InterruptedException {
        if (!namespaces && sandbox.network() == Network.NONE) {
            throw ChrootSandbox.noNetworks();
        }
        try {
            return start(sandbox, mount(sandbox), output);
        } finally {
            Kernel.detachMountsInside(sandbox.rootfs());
        }
    }

    private int start(Sandbox sandbox, KernelPlaces places, BiConsumer<BuildEvent.Stream, String> output)
            throws IOException, InterruptedException {
        KilledChild heard = new KilledChild(output);
        // A shell at a terminal has the session of whoever opened it.
        boolean session = !namespaces && sandbox.stdio() != Stdio.TERMINAL;
        LongConsumer ended = session ? pid -> Sessions.end(pid, sandbox.rootfs()) : pid -> {};
        int code = Children.runFiltered(
                command(sandbox, places), sandbox.work(), sandbox, sandbox::setEnvironment, heard, ended);
        return heard.code(code);
    }

    private KernelPlaces mount(Sandbox sandbox) throws IOException {
        Path root = sandbox.rootfs().toRealPath();
        Path dev = Kernel.resolveInRoot(root, "/dev");
        if (!namespaces) {
            // With a process namespace, /proc is mounted from inside it.
            Kernel.bindMount(Path.of("/proc"), Kernel.resolveInRoot(root, "/proc"));
            if (!sandbox.insecure()) {
                KernelFiles.restrict(root, List.of("/proc"));
            }
        }
        Kernel.mountTmpfs(dev, "size=65536k,mode=0755");
        for (String device : RuntimeSpec.DEVICES) {
            // A bind of the machine's own node: in a user namespace no node may be made.
            Kernel.bindMount(Path.of("/dev").resolve(device), Files.createFile(dev.resolve(device)));
        }
        Files.createSymbolicLink(dev.resolve("fd"), Path.of("/proc/self/fd"));
        Files.createSymbolicLink(dev.resolve("stdin"), Path.of("/proc/self/fd/0"));
        Files.createSymbolicLink(dev.resolve("stdout"), Path.of("/proc/self/fd/1"));
        Files.createSymbolicLink(dev.resolve("stderr"), Path.of("/proc/self/fd/2"));
        Kernel.mountTmpfs(
                Files.createDirectory(dev.resolve("shm")),
                "size=" + sandbox.limits().shm() + ",mode=1777");
        Kernel.mountTerminals(Files.createDirectory(dev.resolve("pts")));
        Files.createSymbolicLink(dev.resolve("ptmx"), Path.of("pts/ptmx"));
        if (namespaces) {
            Files.createDirectory(dev.resolve("mqueue"));
        }
        Path sys = Kernel.resolveInRoot(root, "/sys");
        if (sandbox.insecure()) {
            for (ExtraDevice device : ExtraDevice.ofMachine()) {
                device.show(dev);
            }
            Kernel.bindMount(Path.of("/sys"), sys);
        } else {
            Kernel.bindMountReadOnly(Path.of("/sys"), sys);
            KernelFiles.restrict(root, List.of("/sys"));
        }
        KernelPlaces places = new KernelPlaces(Kernel.resolveInRoot(root, "/proc"), dev, sys);
        for (Sandbox.SandboxMount mount : sandbox.mounts()) {
            boolean directory = mount.isDirectory();
            try (MountPlace place = MountPlace.open(root, mount.target(), directory)) {
                places.check(place.path(), mount.target());
                switch (mount) {
                    case Sandbox.SandboxMount.Bind(var source, var _, var readOnly) -> place.bind(source, readOnly);
                    case Sandbox.SandboxMount.Tmpfs(var _, var size) ->
                        place.tmpfs(size == 0 ? "mode=1777" : "mode=1777,size=" + size);
                }
            }
        }
        return places;
    }

    /// Where the kernel's files are. They are looked up before what somebody else writes to is mounted, which must not
    /// lead mounts elsewhere that are made later, by path.
    private record KernelPlaces(Path proc, Path dev, Path sys) {
        void check(Path place, String target) {
            if (dev.startsWith(place) || isBelow(proc, place) || isBelow(sys, place)) {
                throw new SandboxException("RUN cannot mount at " + target + ": it would hide where "
                        + (dev.startsWith(place) ? "/dev" : isBelow(proc, place) ? "/proc" : "/sys") + " is");
            }
        }

        private static boolean isBelow(Path path, Path other) {
            return path.startsWith(other) && !path.equals(other);
        }
    }

    @Override
    public boolean writesEnvironment() {
        return false;
    }

    private List<String> command(Sandbox sandbox, KernelPlaces places) throws IOException {
        // The programs on the way run with the container's PATH, so every one is named by its place.
        String unshare = programs.need("unshare").toString();
        String mount = programs.need("mount").toString();
        List<String> command = sandbox.start(programs);
        if (namespaces) {
            command.addAll(List.of(unshare, "--pid", "--fork", "--kill-child", "--mount", "--ipc", "--uts"));
            if (sandbox.network() == Network.NONE) {
                command.add("--net");
            }
            boolean none = sandbox.network() == Network.NONE;
            if (none) {
                command.addAll(script(LOOPBACK));
                command.addAll(List.of(places.sys().toString(), mount));
            }
            Path table = sandbox.work().resolve("fstab");
            Files.writeString(
                    table,
                    KernelFiles.table(places.proc(), none ? places.sys() : null, places.dev(), sandbox.insecure()));
            command.addAll(script(NAMESPACES));
            // Where the machine's root is somebody else, the first of two ways to set the name is closed.
            command.addAll(List.of(mount, table.toString(), sandbox.hostname()));
            command.add(programs.find("hostname").map(Path::toString).orElse("true"));
        } else {
            if (sandbox.stdio() != Stdio.TERMINAL) {
                // A session of its own would be one without the terminal.
                command.add(programs.need("setsid").toString());
            }
            command.addAll(List.of(unshare, "--mount"));
        }
        command.addAll(script(ROOT));
        command.addAll(List.of(mount, sandbox.rootfs().toString()));
        command.addAll(LoaderVariables.withoutThoseOfShells(programs));
        Sandbox.Identity identity = sandbox.identity();
        command.addAll(restricted(sandbox, programs));
        command.add(unshare);
        if (sandbox.insecure() && sandbox.user() != null) {
            // What it may mount, it may mount in a mount namespace of its own user namespace alone.
            command.add("--mount");
        }
        command.addAll(List.of("--root", ".", "--wd", sandbox.cwd()));
        if (identity.uid() != 0) {
            command.addAll(List.of("--setuid", Integer.toUnsignedString(identity.uid())));
        }
        command.add("--");
        command.addAll(LoaderVariables.setBefore(sandbox.args(), sandbox.env()));
        return command;
    }

    private List<String> script(String text) {
        return List.of(programs.need("sh").toString(), "-c", text, "sh");
    }

    /// The words before a command that give it its groups and no more than its capabilities. The
    /// group comes first and the user last: who gives up root can change neither. A user namespace
    /// that it joins is joined only here, where all mounts are made: they stay out of its reach.
    static List<String> restricted(Sandbox sandbox, Programs programs) {
        Sandbox.Identity identity = sandbox.identity();
        List<String> command = new ArrayList<>(sandbox.limited(programs));
        Sandbox.UserNamespace joined = sandbox.user();
        if (joined != null) {
            // With it come all capabilities over it, the bounding set too.
            command.addAll(joined.entry(programs));
        }
        command.add(programs.need("setpriv").toString());
        if (!sandbox.insecure()) {
            command.addAll(List.of("--bounding-set", "-all," + capabilities(), "--inh-caps", "-all"));
        }
        command.addAll(List.of("--regid", Integer.toUnsignedString(identity.gid())));
        command.addAll(
                Kernel.hasOneUser()
                        // They cannot be changed there.
                        ? List.of("--keep-groups")
                        : identity.groups().isEmpty()
                                ? List.of("--clear-groups")
                                : List.of(
                                        "--groups",
                                        identity.groups().stream()
                                                .map(Integer::toUnsignedString)
                                                .collect(Collectors.joining(","))));
        return command;
    }

    private static String capabilities() {
        return RuntimeSpec.CAPABILITIES.stream()
                .map(name -> "+" + name.substring("CAP_".length()).toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    @Override
    public String description() {
        return (namespaces ? "util-linux namespaces" : "chroot")
                + (Children.filters() ? "" : ", without a system call filter");
    }
}
