package dev.jbuild.cli;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;

/// `jbuild version`. It is the whole price of starting jbuild, so it does nothing else.
final class VersionCommand {

    /// The project's version; a test compares it with the POM.
    static final String VERSION = "0.1.0";

    private VersionCommand() {}

    static ExitCode run(Io io) {
        io.out().println("jbuild " + VERSION);
        return ExitCode.OK;
    }
}
