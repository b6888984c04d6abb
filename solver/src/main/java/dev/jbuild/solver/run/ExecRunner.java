package dev.jbuild.solver.run;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.event.BuildEvent;
import dev.jbuild.solver.event.ResourceUsage;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.sandbox.ControlGroup;
import dev.jbuild.solver.sandbox.ControlGroups;
import dev.jbuild.solver.sandbox.Emulators;
import dev.jbuild.solver.sandbox.ExecNotFoundException;
import dev.jbuild.solver.sandbox.ForeignProgram;
import dev.jbuild.solver.sandbox.LogTail;
import dev.jbuild.solver.sandbox.MountPoints;
import dev.jbuild.solver.sandbox.Places;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.RuntimeSpec;
import dev.jbuild.solver.sandbox.Sandbox;
import dev.jbuild.solver.sandbox.SandboxException;
import dev.jbuild.solver.sandbox.SandboxRunner;
import dev.jbuild.solver.sandbox.SandboxSettings;
import dev.jbuild.solver.sandbox.Sandboxes;
import dev.jbuild.solver.sandbox.StandIns;
import dev.jbuild.solver.sandbox.Stdio;
import dev.jbuild.solver.sandbox.Stubs;
import dev.jbuild.solver.sandbox.Workspace;
import dev.jbuild.solver.secret.SecretFiles;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs a process of RUN over its root file system.
public final class ExecRunner {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    /// Where systemd-resolved says whom it asks itself.
    private static final Path UPSTREAM = Path.of("/run/systemd/resolve/resolv.conf");
    private static final String DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private final LayerStore store;
    private final SandboxSettings settings;
    private final ControlGroups groups = new ControlGroups();
    private final Programs programs;
    private final Secrets secrets;
    private final CacheMounts caches;
    private final Emulators emulators;
    private final LikelyPlaces likely;
    private final AtomicLong number = new AtomicLong();
    private @Nullable Chosen chosen;

    ExecRunner(LayerStore store, SandboxSettings settings, Programs programs, Secrets secrets, Emulators emulators) {
        this.emulators = emulators;
        this.store = store;
        this.settings = settings;
        this.programs = programs;
        this.secrets = secrets;
        this.caches = new CacheMounts(store);
        this.likely = new LikelyPlaces(store);
    }

    /// @param small where the directories for small files lie
    private record Chosen(SandboxRunner runner, Path small) {}

    private synchronized Chosen chosen() throws IOException, InterruptedException {
        Chosen known = chosen;
        if (known == null) {
            Path small = store.newTempDir("small");
            groups.remember();
            known = new Chosen(Sandboxes.open(settings.isolation(), programs, small), small);
            chosen = known;
        }
        return known;
    }

    SnapshotId run(Op.Exec exec, OpInputs inputs, Steps.Step step) throws IOException, InterruptedException {
        LogTail log = new LogTail(step);
        Task task = new Task(_ -> exec.args(), exec.env(), Stdio.LINES, log, step::used);
        return within(exec, inputs, task, (active, execution) -> {
            try {
                Outcome outcome = execution.run();
                if (outcome.code() != 0) {
                    String why = outcome.why().isEmpty() ? onlyUser(log.lines()) : outcome.why();
                    throw new ExecFailedException(exec.args(), outcome.code(), why, log.lines());
                }
            } catch (ExecFailedException | ExecNotFoundException e) {
                tell(inputs, active, e);
                throw e;
            }
            return store.snapshots().commit(active);
        });
    }

    /// What the words of the kernel for a user who is none mean to people: package managers do not say.
    private static String onlyUser(List<String> lines) {
        return Kernel.hasOneUser() && lines.stream().anyMatch(line -> line.contains("Invalid argument"))
                ? ": there is only one user in this user namespace, to whom all files belong; jbuild doctor says what"
                        + " would allow others"
                : "";
    }

    /// Whatever becomes of it, the failure of the process is what people have to hear of.
    private static void tell(OpInputs inputs, ActiveSnapshot active, RuntimeException failure) {
        try {
            inputs.failed(active);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    /// Runs another process in the place of this one, at the user's terminal, and throws away what it changes.
    ///
    /// @return its exit code
    int enter(Op.Exec exec, OpInputs inputs, List<String> shell, Visit visit) throws IOException, InterruptedException {
        List<String> env = new ArrayList<>(exec.env());
        for (String variable : visit.moreEnv()) {
            String name = variable.substring(0, variable.indexOf('=') + 1);
            if (env.stream().noneMatch(own -> own.startsWith(name))) {
                env.add(variable);
            }
        }
        Task task = new Task(
                root -> visit.command().isEmpty() ? List.of(Interpreter.find(root, shell, env)) : visit.command(),
                env,
                visit.stdio(),
                (_, _) -> {},
                _ -> {});
        return within(exec, inputs, task, (_, execution) -> {
            try {
                return execution.run().code();
            } catch (ExecNotFoundException e) {
                throw new SandboxException(String.valueOf(e.getMessage()));
            }
        });
    }

    /// What is run in the place that an operation describes.
    private record Task(
            Arguments arguments,
            List<String> env,
            Stdio stdio,
            BiConsumer<BuildEvent.Stream, String> output,
            Consumer<ResourceUsage> used) {}

    private interface Arguments {
        List<String> in(Path root) throws IOException;
    }

    /// How a process ended.
    ///
    /// @param why what is known besides its exit code, empty if nothing is
    private record Outcome(int code, String why) {}

    private interface Execution {
        Outcome run() throws IOException, InterruptedException;
    }

    private interface Ending<T> {
        T of(ActiveSnapshot active, Execution execution) throws IOException, InterruptedException;
    }

    /// Makes the place that an operation describes, and takes it away after.
    private <T> T within(Op.Exec exec, OpInputs inputs, Task task, Ending<T> ending)
            throws IOException, InterruptedException {
        SandboxRunner runner = chosen().runner();
        Path small = Files.createDirectory(chosen().small().resolve("exec-" + number.incrementAndGet()));
        List<CacheMounts.Lease> leases = new ArrayList<>();
        try (Workspace work = new Workspace(store, small);
                SecretFiles files = new SecretFiles(small.resolve("secrets"), secrets);
                MountSources sources = new MountSources(work, caches, inputs, leases, !runner.mounts(), files)) {
            Path own = runtimeFiles(exec, runner, work, files);
            List<Sandbox.SandboxMount> mounts = sources.of(exec.mounts());
            mounts.addAll(network(exec, small));
            mounts.sort(Comparator.comparing(Sandbox.SandboxMount::target));
            List<Path> below = List.of(likely.of(mounts));
            ActiveSnapshot active = store.snapshots().prepare(inputs.rootLayers(), below, List.of());
            try {
                if (!active.plain()) {
                    MountPoints points = new MountPoints(active.path(), work);
                    List<Sandbox.SandboxMount> placed = place(points, mounts);
                    if (points.any()) {
                        active.close();
                        active = store.snapshots().prepare(inputs.rootLayers(), below, List.of(points.directory()));
                    }
                    Path root = active.path();
                    return ending.of(active, () -> execute(exec, runner, root, own, placed, task));
                }
                ActiveSnapshot copy = active;
                return ending.of(active, () -> plain(exec, runner, copy, work, own, mounts, task));
            } finally {
                active.close();
            }
        } finally {
            leases.forEach(CacheMounts.Lease::close);
        }
    }

    /// In a root file system that is a plain directory, what is there for the process alone is taken away after it.
    private Outcome plain(
            Op.Exec exec,
            SandboxRunner runner,
            ActiveSnapshot active,
            Workspace work,
            Path own,
            List<Sandbox.SandboxMount> mounts,
            Task task)
            throws IOException, InterruptedException {
        try (Stubs stubs = new Stubs(active)) {
            List<Sandbox.SandboxMount> placed = place(stubs, mounts);
            if (runner.mounts()) {
                Kernel.forbidDevices(active.path());
                try {
                    return execute(exec, runner, active.path(), own, placed, task);
                } finally {
                    Kernel.detachMountsBelow(active.path());
                }
            }
            Path aside = Files.createDirectory(work.large().resolve("aside"));
            try (StandIns standIns = new StandIns(active, aside, store.mountsDir())) {
                standIns.put(placed);
                return execute(exec, runner, active.path(), own, placed, task);
            }
        }
    }

    /// Where the runtime may put its own files: where no disk keeps them, if there will be a secret in them.
    private Path runtimeFiles(Op.Exec exec, SandboxRunner runner, Workspace work, SecretFiles files)
            throws IOException {
        return runner.writesEnvironment() && !secretVariables(exec).isEmpty()
                ? Files.createDirectory(files.directory().resolve("runtime"))
                : work.small();
    }

    private Outcome execute(
            Op.Exec exec, SandboxRunner runner, Path root, Path work, List<Sandbox.SandboxMount> mounts, Task task)
            throws IOException, InterruptedException {
        Sandbox.Identity identity = UserLookup.find(root, exec.user());
        if (Kernel.hasOneUser() && (identity.uid() != 0 || identity.gid() != 0)) {
            throw new SandboxException("RUN cannot run as user " + exec.user()
                    + ": there is only one user in this user namespace; give the user who runs jbuild ranges in"
                    + " /etc/subuid and /etc/subgid, and install newuidmap (uidmap)");
        }
        workingDirectory(root, exec.cwd(), mounts);
        try (@Nullable
                ControlGroup group = groups.make(settings, exec.limits().cgroupParent(), work.resolve("groups"))
                        .orElse(null)) {
            Sandbox sandbox = new Sandbox(
                    root,
                    work,
                    task.arguments().in(root),
                    environment(exec, task.env(), identity),
                    exec.cwd(),
                    identity,
                    mounts,
                    exec.network(),
                    exec.hostname(),
                    exec.security(),
                    exec.limits(),
                    group == null ? List.of() : group.entrances(),
                    group == null ? "" : group.path(),
                    secrets.mask(),
                    task.stdio(),
                    emulators.namespace(exec.platform()));
            int code = runner.run(sandbox, task.output());
            if (group != null && settings.measured()) {
                task.used().accept(group.usage());
            }
            if (code != 0) {
                ForeignProgram.refuse(sandbox, emulators);
            }
            String why = code != 0 && group != null && group.ranOutOfMemory()
                    ? ": out of memory: it used more than --resource memory="
                            + settings.resources().memoryText()
                    : "";
            return new Outcome(code, why);
        }
    }

    /// The mounts, each at a place that exists.
    ///
    /// @param mounts by target, parents first
    private static List<Sandbox.SandboxMount> place(Places points, List<Sandbox.SandboxMount> mounts)
            throws IOException {
        for (String own : RuntimeSpec.MOUNT_POINTS) {
            points.need(own, true);
        }
        List<Sandbox.SandboxMount> placed = new ArrayList<>();
        for (Sandbox.SandboxMount mount : mounts) {
            String target =
                    isBelow(mount.target(), placed) ? mount.target() : points.need(mount.target(), mount.isDirectory());
            placed.add(
                    switch (mount) {
                        case Sandbox.SandboxMount.Bind bind ->
                            new Sandbox.SandboxMount.Bind(bind.source(), target, bind.readOnly());
                        case Sandbox.SandboxMount.Tmpfs tmpfs -> new Sandbox.SandboxMount.Tmpfs(target, tmpfs.size());
                    });
        }
        return placed;
    }

    /// A place below another mount is that mount's business, and /dev is made anew for every process.
    static boolean isBelow(String target, List<Sandbox.SandboxMount> others) {
        return target.startsWith("/dev/") || others.stream().anyMatch(other -> target.startsWith(other.target() + "/"));
    }

    private List<Sandbox.SandboxMount> network(Op.Exec exec, Path work) throws IOException {
        List<Sandbox.SandboxMount> files = new ArrayList<>();
        StringBuilder hosts = new StringBuilder("127.0.0.1\tlocalhost ")
                .append(exec.hostname())
                .append('\n');
        hosts.append("::1\tlocalhost ip6-localhost ip6-loopback\n");
        for (String host : exec.hosts()) {
            int equals = host.indexOf('=');
            hosts.append(host, equals + 1, host.length())
                    .append('\t')
                    .append(host, 0, equals)
                    .append('\n');
        }
        files.add(new Sandbox.SandboxMount.Bind(Files.writeString(work.resolve("hosts"), hosts), "/etc/hosts", true));
        Path servers = Files.writeString(
                work.resolve("resolv.conf"), settings.nameServers().text(RESOLV_CONF, UPSTREAM));
        files.add(new Sandbox.SandboxMount.Bind(servers, "/etc/resolv.conf", true));
        return files;
    }

    private List<String> environment(Op.Exec exec, List<String> own, Sandbox.Identity identity) {
        List<String> env = new ArrayList<>(own);
        env.addAll(exec.proxyEnv());
        secretVariables(exec).forEach((name, value) -> {
            env.removeIf(variable -> variable.startsWith(name + "="));
            env.add(name + "=" + value);
        });
        if (env.stream().noneMatch(variable -> variable.startsWith("PATH="))) {
            env.add(DEFAULT_PATH);
        }
        if (env.stream().noneMatch(variable -> variable.startsWith("HOME="))) {
            env.add("HOME=" + identity.home());
        }
        return env;
    }

    private Map<String, String> secretVariables(Op.Exec exec) {
        Map<String, String> variables = new LinkedHashMap<>();
        for (ExecMount mount : exec.mounts()) {
            if (mount instanceof ExecMount.Secret secret && !secret.env().isEmpty()) {
                String value = secrets.text(secret.id());
                if (value != null) {
                    variables.put(secret.env(), value);
                }
            }
        }
        return variables;
    }

    /// The directory a process starts in is made if it is missing, unless a mount brings it.
    private static void workingDirectory(Path root, String cwd, List<Sandbox.SandboxMount> mounts) throws IOException {
        Optional<Sandbox.SandboxMount> mounted = mounts.stream()
                .filter(mount -> cwd.equals(mount.target()) || cwd.startsWith(mount.target() + "/"))
                .findFirst();
        if (mounted.isEmpty()) {
            Path directory = Kernel.resolveInRoot(root, cwd);
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
            }
        }
    }
}
