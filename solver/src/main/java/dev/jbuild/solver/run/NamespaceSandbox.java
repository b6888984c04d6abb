package dev.jbuild.solver.run;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.graph.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/// A process in namespaces that util-linux makes, or only under a changed root, where no OCI runtime is to be had.
///
/// The mounts are made by this process, in its own mount namespace, below the root file system, and taken away after.
final class NamespaceSandbox implements SandboxRunner {
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");

    /// Brings the loopback interface up, which needs the files that show the new network.
    private static final String LOOPBACK = "sys=$1 mount=$2 && shift 2 && \"$mount\" -t sysfs sysfs \"$sys\""
            + " && echo 1 >\"$sys/class/net/lo/flags\" && \"$mount\" -o remount,bind,ro \"$sys\""
            + " && exec \"$@\"";

    private static final String NOT_PASSED_ON = "unshare: sigprocmask unblock failed";
    private static final int KILLED = 128 + 9;

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
            mount(sandbox);
            return run(command(sandbox), sandbox, output);
        } finally {
            Kernel.detachMountsInside(sandbox.rootfs());
        }
    }

    private static int run(List<String> command, Sandbox sandbox, BiConsumer<BuildEvent.Stream, String> output)
            throws IOException, InterruptedException {
        AtomicBoolean killed = new AtomicBoolean();
        int code = Children.run(
                command,
                sandbox.work(),
                sandbox,
                sandbox::setEnvironment,
                (stream, line) -> {
                    // unshare 2.38 cannot pass on that its child was killed, and says so.
                    if (stream == BuildEvent.Stream.STDERR && line.startsWith(NOT_PASSED_ON)) {
                        killed.set(true);
                    } else {
                        output.accept(stream, line);
                    }
                },
                pid -> {});
        return killed.get() ? KILLED : code;
    }

    private void mount(Sandbox sandbox) throws IOException {
        Path root = sandbox.rootfs();
        Path dev = Kernel.resolveInRoot(root, "/dev");
        if (!namespaces) {
            // With a process namespace, /proc is mounted from inside it.
            Kernel.bindMount(Path.of("/proc"), Kernel.resolveInRoot(root, "/proc"));
        }
        Kernel.mountTmpfs(dev, "size=65536k,mode=0755");
        for (String device : DEVICES) {
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
        Path sys = Kernel.resolveInRoot(root, "/sys");
        if (sandbox.insecure()) {
            for (ExtraDevice device : ExtraDevice.ofMachine()) {
                device.make(dev);
            }
            Kernel.bindMount(Path.of("/sys"), sys);
        } else {
            Kernel.bindMountReadOnly(Path.of("/sys"), sys);
        }
        for (Sandbox.SandboxMount mount : sandbox.mounts()) {
            Path target = Kernel.resolveInRoot(root, mount.target());
            switch (mount) {
                case Sandbox.SandboxMount.Bind(var source, var path, var readOnly) -> {
                    place(target, Files.isDirectory(source));
                    if (readOnly) {
                        Kernel.bindMountReadOnly(source, target);
                    } else {
                        Kernel.bindMount(source, target);
                    }
                }
                case Sandbox.SandboxMount.Tmpfs(var path, var size) -> {
                    place(target, true);
                    Kernel.mountTmpfs(target, size == 0 ? "mode=1777" : "mode=1777,size=" + size);
                }
            }
        }
    }

    @Override
    public boolean writesEnvironment() {
        return false;
    }

    /// Below /dev, which is made anew for each process, and below other mounts nothing could be prepared.
    private static void place(Path target, boolean isDirectory) throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            MountPoints.make(target, isDirectory);
        }
    }

    private List<String> command(Sandbox sandbox) throws IOException {
        // The programs on the way run with the container's PATH, so every one is named by its place.
        String unshare = programs.need("unshare").toString();
        List<String> command = sandbox.start(programs);
        if (namespaces) {
            command.addAll(List.of(unshare, "--pid", "--fork", "--kill-child", "--mount", "--ipc", "--uts"));
            if (sandbox.network() == Network.NONE) {
                command.add("--net");
            }
            command.add("--mount-proc=" + sandbox.rootfs().resolve("proc"));
            if (sandbox.network() == Network.NONE) {
                command.addAll(List.of(programs.need("sh").toString(), "-c", LOOPBACK, "sh"));
                command.add(Kernel.resolveInRoot(sandbox.rootfs(), "/sys").toString());
                command.add(programs.need("mount").toString());
            }
        }
        Sandbox.Identity identity = sandbox.identity();
        command.addAll(restricted(sandbox, programs));
        command.addAll(List.of(unshare, "--root", sandbox.rootfs().toString(), "--wd", sandbox.cwd()));
        if (identity.uid() != 0) {
            command.addAll(List.of("--setuid", Integer.toUnsignedString(identity.uid())));
        }
        command.add("--");
        command.addAll(sandbox.args());
        return command;
    }

    /// The words before a command that give it its groups and no more than its capabilities. The
    /// group comes first and the user last: who gives up root can change neither.
    static List<String> restricted(Sandbox sandbox, Programs programs) {
        Sandbox.Identity identity = sandbox.identity();
        List<String> command = new ArrayList<>(sandbox.limited(programs));
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
        return namespaces ? "util-linux namespaces" : "chroot";
    }
}
