package dev.jbuild.cli;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.parser.source.Suggestion;
import java.util.List;

/// `jbuild --help`: a fixed text, because asking picocli would load every command's options to print their names.
final class HelpCommand {

    static final String TEXT = """
            Usage: jbuild COMMAND [OPTIONS]

            Builds container images from Dockerfiles, without a daemon.

            Commands:
              build      Build images or files from a Dockerfile
              shell      Open a shell where a RUN failed, or at any step
              images     List the images of the local store
              history    Show how an image came about
              inspect    Print all there is to know of images
              explore    Show what is inside an image
              save       Write images to an archive
              tag        Give an image one more name
              rmi        Remove names of images
              du         Show what takes space in the store
              prune      Remove what nothing needs
              doctor     Check what this machine lets jbuild do
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
        List<String> names = TEXT.lines()
                .filter(line -> line.startsWith("  "))
                .map(line -> line.strip().split(" ", 2)[0])
                .toList();
        String meant = Suggestion.didYouMean(command, names);
        io.err()
                .print("jbuild: unknown command '" + command + "'; "
                        + (meant == null ? "'jbuild --help' lists the commands" : meant) + "\n");
        return ExitCode.USAGE;
    }
}
