package dev.jbuild.cli;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;

/// `jbuild --help`: a fixed text, because asking picocli would load every command's options to print their names.
final class HelpCommand {

    static final String TEXT = """
            Usage: jbuild COMMAND [OPTIONS]

            Builds container images from Dockerfiles, without a daemon.

            Commands:
              build      Build an image from a Dockerfile
              images     List the images of the local store
              history    Show how an image was made, layer by layer
              inspect    Show an image's configuration and manifest
              tag        Give an image another name
              rmi        Remove names of images
              save       Write images to an archive
              du         Show what the store uses
              prune      Remove what nothing uses any more
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
