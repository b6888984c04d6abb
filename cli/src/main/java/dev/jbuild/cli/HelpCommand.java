package dev.jbuild.cli;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;

/// `jbuild --help`: a fixed text, because asking picocli would load every command's options to print their names.
final class HelpCommand {

    static final String TEXT = """
            Usage: jbuild COMMAND [OPTIONS]

            Builds container images from Dockerfiles, without a daemon.

            Commands:
              version    Print jbuild's version
              help       Print this text

            'jbuild COMMAND --help' describes one command.
            """;

    private HelpCommand() {}

    static ExitCode run(Io io) {
        io.out().print(TEXT);
        return ExitCode.OK;
    }

    static ExitCode missing(Io io) {
        io.err().print(TEXT);
        return ExitCode.USAGE;
    }

    static ExitCode unknown(String command, Io io) {
        io.err().println("jbuild: unknown command '" + command + "'; 'jbuild --help' lists the commands");
        return ExitCode.USAGE;
    }
}
