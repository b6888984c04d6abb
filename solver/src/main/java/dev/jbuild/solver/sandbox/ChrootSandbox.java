package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.graph.Network;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;

/// A process under a changed root, where nothing can be mounted and no namespace made: root in a container that gives
/// it few rights.
final class ChrootSandbox implements SandboxRunner {
    private final Programs programs;

    ChrootSandbox(Programs programs) {
        this.programs = programs;
    }

    @Override
    public boolean mounts() {
        return false;
    }

    @Override
    public int run(Sandbox sandbox, BiConsumer<BuildEvent.Stream, String> output)
            throws IOException, InterruptedException {
        if (sandbox.network() == Network.NONE) {
            throw noNetworks();
        }
        if (sandbox.insecure() || sandbox.limits().shmSize() != 0) {
            throw new SandboxException((sandbox.insecure() ? "RUN --security=insecure" : "--shm-size")
                    + " cannot be had without the right to mount: it needs devices or a file system in memory");
        }
        boolean terminal = sandbox.stdio() == Stdio.TERMINAL;
        int code = Children.run(
                command(sandbox),
                sandbox.work(),
                sandbox,
                sandbox::setEnvironment,
                output,
                terminal ? pid -> {} : pid -> Sessions.end(pid, sandbox.rootfs()));
        if (terminal) {
            Sessions.endIn(sandbox.rootfs());
        }
        return code;
    }

    @Override
    public boolean writesEnvironment() {
        return false;
    }

    static SandboxException noNetworks() {
        return new SandboxException("RUN --network=none cannot be had with chroot isolation:"
                + " it needs a network namespace, as --isolation=namespaces makes one");
    }

    private List<String> command(Sandbox sandbox) throws IOException {
        List<String> command = sandbox.start(programs);
        if (sandbox.stdio() != Stdio.TERMINAL) {
            // A session of its own would be one without the terminal.
            command.add(programs.need("setsid").toString());
        }
        command.addAll(NamespaceSandbox.restricted(sandbox, programs));
        // It changes the root and the working directory and makes no system call that a container may be denied.
        command.add(programs.need("nsenter").toString());
        command.add("--root=" + sandbox.rootfs());
        command.add("--wd=" + Kernel.resolveInRoot(sandbox.rootfs(), sandbox.cwd()));
        if (sandbox.identity().uid() != 0) {
            command.addAll(List.of(
                    "--setuid", Integer.toUnsignedString(sandbox.identity().uid())));
        }
        command.add("--");
        command.addAll(LoaderVariables.setBefore(sandbox.args(), sandbox.env()));
        return command;
    }

    @Override
    public String description() {
        return "chroot, without mounts";
    }
}
