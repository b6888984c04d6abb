package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Progress;
import dev.jbuild.cli.report.ProgressMode;
import dev.jbuild.solver.event.Steps;
import java.io.IOException;
import java.util.Locale;

/// Shows what comes from registries or goes there as a build's steps are shown, on standard error.
final class Transfer {
    private Transfer() {}

    static Options declare(Options options) {
        return options.value("MODE", "auto, plain, tty, quiet, rawjson or none.", "--progress")
                .flag("Print the names only.", "-q", "--quiet");
    }

    /// Brings something here or there, and says how far it is.
    @FunctionalInterface
    interface Work {
        void run(Steps.Step step) throws IOException, InterruptedException;
    }

    /// @param doing what is done, such as `Pulling`
    /// @param what is brought
    static void run(String doing, String what, Options.Parsed options, Io io, Work work)
            throws IOException, InterruptedException {
        ProgressMode mode =
                options.has("--quiet") ? ProgressMode.QUIET : ProgressMode.of(options.value("--progress"), io);
        try (Progress progress = Progress.open(mode, doing, io, options.has("--debug"))) {
            Steps.Step step = new Steps(progress).start(doing.toLowerCase(Locale.ROOT) + " " + what);
            try {
                work.run(step);
                step.completed();
            } catch (IOException | RuntimeException e) {
                step.failed(String.valueOf(e.getMessage()), false);
                throw e;
            } catch (InterruptedException e) {
                step.failed("canceled", true);
                throw e;
            }
        }
    }
}
