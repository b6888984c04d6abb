package dev.jbuild.solver.run;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.graph.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/// A process in namespaces that util-linux makes, or only under a changed root, where no OCI runtime is to be had.
///
/// The mounts are made by this process, in its own mount namespace, below the root file system, and taken away after.
final class NamespaceSandbox implements SandboxRunner {
    private static final List<String> DEVICES = List.of("null", "zero", "full", "random", "urandom", "tty");

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
            return Children.run(command(sandbox), sandbox.work(), sandbox::setEnvironment, sandbox.mask(), output);
        } finally {
            Kernel.detachMountsInside(sandbox.rootfs());
        }
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
        Kernel.mountTmpfs(Files.createDirectory(dev.resolve("shm")), "size=65536k,mode=1777");
        Kernel.bindMountReadOnly(Path.of("/sys"), Kernel.resolveInRoot(root, "/sys"));
        for (Sandbox.SandboxMount mount : sandbox.mounts()) {
            Path target = Kernel.resolveInRoot(root, mount.target());
            switch (mount) {
                case Sandbox.SandboxMount.Bind(var source, var path, var readOnly) -> {
                    if (!Files.exists(target)) {
                        // Below /dev and below other mounts nothing could be prepared.
                        MountPoints.make(target, Files.isDirectory(source));
                    }
                    if (readOnly) {
                        Kernel.bindMountReadOnly(source, target);
                    } else {
                        Kernel.bindMount(source, target);
                    }
                }
                case Sandbox.SandboxMount.Tmpfs(var path, var size) ->
                    Kernel.mountTmpfs(target, size == 0 ? "mode=1777" : "mode=1777,size=" + size);
            }
        }
    }

    @Override
    public boolean writesEnvironment() {
        return false;
    }

    private List<String> command(Sandbox sandbox) {
        // The programs on the way run with the container's PATH, so every one is named by its place.
        String setpriv = programs.need("setpriv").toString();
        String unshare = programs.need("unshare").toString();
        List<String> command = new ArrayList<>();
        Sandbox.UserNamespace user = sandbox.user();
        if (user != null) {
            command.addAll(user.entry(programs));
        }
        command.addAll(List.of(setpriv, "--pdeathsig", "KILL"));
        if (namespaces) {
            command.addAll(List.of(unshare, "--pid", "--fork", "--kill-child", "--mount", "--ipc", "--uts"));
            if (sandbox.network() == Network.NONE) {
                command.add("--net");
            }
            command.add("--mount-proc=" + sandbox.rootfs().resolve("proc"));
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
        List<String> command = new ArrayList<>(List.of(programs.need("setpriv").toString()));
        command.addAll(List.of("--bounding-set", "-all," + capabilities(), "--inh-caps", "-all"));
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
