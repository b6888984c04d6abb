package dev.jbuild.cli;

import dev.jbuild.cli.command.Registries;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.BuildLog;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Progress;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.solver.FetchedContext;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.fetch.RemoteSources;
import dev.jbuild.solver.plan.ContextSource;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.secret.Secrets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one build works with, each opened when it is first asked for: a Dockerfile on this machine that is
/// wrong is told of before there is a store.
final class BuildSession implements AutoCloseable {
    private final BuildOptions options;
    private final Io io;
    private final Registries registries;
    private final Programs programs;
    private @Nullable Secrets secrets;
    private @Nullable BuildLog log;
    private @Nullable LayerStore store;
    private @Nullable Progress progress;
    private @Nullable Steps steps;
    private @Nullable RemoteSources remote;

    BuildSession(BuildOptions options, Io io) {
        this.options = options;
        this.io = io;
        this.registries =
                Registries.of(options.parsed(), io, options.freshness().offline());
        this.programs = new Programs(io.environment().getOrDefault("PATH", ""));
    }

    Io io() {
        return io;
    }

    Registries registries() {
        return registries;
    }

    Programs programs() {
        return programs;
    }

    LayerStore store() throws InterruptedException {
        LayerStore opened = store;
        if (opened == null) {
            opened = LayerStore.open(StoreLocation.of(io, options.root()), StoreLocation.snapshotter(io));
            store = opened;
        }
        return opened;
    }

    /// What the build may use and not keep. A mistake in it is told of before anything else is done.
    Secrets secrets() {
        Secrets given = secrets;
        if (given == null) {
            given = options.secrets(programs);
            secrets = given;
        }
        return given;
    }

    /// The file that has all that the steps said, if they said anything.
    Optional<Path> fullLog() {
        return log == null ? Optional.empty() : log.file();
    }

    /// Counts the build's steps and shows them.
    Steps steps() {
        Steps started = steps;
        if (started == null) {
            Progress shown = Progress.open(options.progress(), io, options.debug());
            progress = shown;
            BuildLog kept = new BuildLog(BuildLog.directory(StoreLocation.of(io, options.root())), io.clock());
            log = kept;
            started = new Steps(event -> {
                shown.on(event);
                kept.on(event);
            });
            steps = started;
        }
        return started;
    }

    /// Shows the final state of the progress: from here on the terminal is somebody else's.
    void endProgress() {
        Progress shown = progress;
        progress = null;
        if (shown != null) {
            shown.close();
        }
    }

    /// What fetches from other machines.
    RemoteSources remote() throws InterruptedException {
        RemoteSources made = remote;
        if (made == null) {
            made = new RemoteSources(store(), registries, programs, steps(), secrets(), options.freshness());
            remote = made;
        }
        return made;
    }

    /// A build context from elsewhere, found or fetched.
    FetchedContext fetch(ContextSource context) throws InterruptedException {
        return FetchedContext.of(context, store(), registries, remote(), programs, steps());
    }

    /// Shows the final state of the progress first, and gives the store back last.
    @Override
    public void close() {
        try (LayerStore _ = store;
                BuildLog _ = log;
                Registries _ = registries;
                Secrets _ = secrets;
                Progress _ = progress) {
            store = null;
            progress = null;
        }
    }
}
