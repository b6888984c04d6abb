package dev.jbuild.cli.report;

import dev.jbuild.solver.event.BuildListener;

/// Shows a build's progress on standard error. Events may come from many threads; closing shows the final state.
public sealed interface Progress extends BuildListener, AutoCloseable
        permits PlainProgress, TtyProgress, QuietProgress, RawJsonProgress {
    /// Begins to show progress in this mode.
    ///
    /// @param debug whether warnings are told at length
    /// @throws UsageException if the mode is [ProgressMode#TTY] and standard error is no terminal
    static Progress open(ProgressMode mode, Io io, boolean debug) {
        return open(mode, "Building", io, debug);
    }

    /// The same, for something else than a build.
    ///
    /// @param doing what is done, for the head of what a terminal shows
    static Progress open(ProgressMode mode, String doing, Io io, boolean debug) {
        return switch (mode) {
            case AUTO ->
                io.terminal().error() && !"dumb".equals(io.env("TERM"))
                        ? TtyProgress.start(doing, io, debug)
                        : new PlainProgress(io, debug);
            case PLAIN -> new PlainProgress(io, debug);
            case TTY -> {
                if (!io.terminal().error()) {
                    throw new UsageException("--progress=tty needs a terminal on standard error; use --progress=plain");
                }
                yield TtyProgress.start(doing, io, debug);
            }
            case RAWJSON -> new RawJsonProgress(io);
            case QUIET, NONE -> new QuietProgress();
        };
    }

    @Override
    void close();
}
