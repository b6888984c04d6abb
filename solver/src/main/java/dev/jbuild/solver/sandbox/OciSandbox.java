package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.event.BuildEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A container of an OCI runtime.
///
/// The runtime runs in a process namespace of its own that dies with this process: killed in any way, a build leaves
/// no container behind.
final class OciSandbox implements SandboxRunner {
    private static final AtomicLong NEXT = new AtomicLong();

    private final Programs programs;
    private final Path runtime;
    private final Path start;
    private final Children.@Nullable Mounting mounts;
    private final String name;
    private final Optional<SystemCallFilter> filter;

    /// @param runtime the executable, crun or runc
    /// @param start where to start it from
    /// @param mounts what has to be mounted where it starts, null if nothing has
    OciSandbox(Programs programs, Path runtime, Path start, Children.@Nullable Mounting mounts) {
        this.programs = programs;
        this.runtime = runtime;
        this.start = start;
        this.mounts = mounts;
        this.name = runtime.getFileName().toString();
        this.filter = SystemCallFilter.here();
    }

    @Override
    public int run(Sandbox sandbox, BiConsumer<BuildEvent.Stream, String> output)
            throws IOException, InterruptedException {
        Sandbox.UserNamespace user = sandbox.user();
        if (user == null) {
            return start(sandbox, output);
        }
        // The /proc that the runtime sees is that of its own process namespace.
        Path place = Files.createFile(sandbox.work().resolve("user-namespace"));
        Kernel.bindMount(user.path(), place);
        try {
            return start(sandbox.joining(user.at(place)), output);
        } finally {
            Kernel.detachMount(place);
        }
    }

    private int start(Sandbox sandbox, BiConsumer<BuildEvent.Stream, String> output)
            throws IOException, InterruptedException {
        Path bundle = Files.createDirectory(sandbox.work().resolve("bundle"));
        Path state = Files.createDirectory(sandbox.work().resolve("state"));
        Path log = sandbox.work().resolve("runtime.log");
        boolean makesDevices = sandbox.user() != null || Kernel.inUserNamespace();
        Files.write(
                bundle.resolve("config.json"), RuntimeSpec.write(sandbox, filter, name.equals("crun"), makesDevices));
        String id = "jbuild-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet();

        List<String> command = sandbox.start(programs);
        command.addAll(List.of(programs.need("unshare").toString(), "--pid", "--fork", "--kill-child"));
        if (!name.equals("crun")) {
            // runc looks its own children up in /proc.
            command.add("--mount-proc");
        }
        command.addAll(runtime(state));
        command.addAll(List.of("--log", log.toString(), "--log-format", "json"));
        command.addAll(List.of("run", "--bundle", bundle.toString(), id));

        // The runtime is in the step's control group, and may be what the kernel kills when memory runs out.
        KilledChild heard = new KilledChild(output);
        int code = heard.code(
                mounts == null
                        ? Children.run(command, bundle, sandbox, environment -> {}, heard, pid -> {})
                        : Children.runApart(mounts, command, bundle, sandbox, heard));
        if (code != 0 && Files.isReadable(log) && Files.size(log) > 0) {
            RuntimeLog.error(log).ifPresent(message -> {
                throw failure(sandbox, message);
            });
        }
        return code;
    }

    // Both the bundle and the runtime's copy of it hold the environment.
    @Override
    public boolean writesEnvironment() {
        return true;
    }

    private List<String> runtime(Path state) {
        List<String> command = new ArrayList<>(List.of(start.toString(), "--root", state.toString()));
        if (name.equals("crun")) {
            command.add("--cgroup-manager=disabled");
        }
        return command;
    }

    private RuntimeException failure(Sandbox sandbox, String message) {
        String program = sandbox.args().getFirst();
        boolean missing = message.contains("not found") || message.contains("no such file");
        if (message.toLowerCase(Locale.ROOT).contains("exec format error")) {
            return ForeignProgram.notExecutable(sandbox);
        }
        return missing && message.contains(program)
                ? new ExecNotFoundException(program)
                : new SandboxException(name + " could not start the process: " + message);
    }

    @Override
    public String description() {
        return name + " (" + runtime + ")";
    }
}
