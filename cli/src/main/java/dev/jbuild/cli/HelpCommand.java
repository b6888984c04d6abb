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
              pull       Fetch images from their registries
              push       Put images into their registries
              save       Write images to an archive
              load       Take in the images of an archive
              imagetools Make and show indexes in registries
              tag        Give an image one more name
              rmi        Remove names of images
              du         Show what takes space in the store
              prune      Remove what nothing needs
              doctor     Check what this machine lets jbuild do
              version    Print jbuild's version
              help       Print this text

            'jbuild COMMAND --help' describes one command.
            """;

    private static final String IMAGE = """
            Usage: jbuild image COMMAND [OPTIONS]

            The commands on images by the names that Docker gives them:

              ls         jbuild images
              rm         jbuild rmi
              prune      Remove images without a name, or all images
              build, history, inspect, load, pull, push, save, tag
                         the same without 'image'
            """;

    private HelpCommand() {}

    /// Help for the commands that begin with `image`.
    static ExitCode image(String command, Io io) {
        if (List.of("--help", "-h", "help").contains(command)) {
            io.out().print(IMAGE);
            return ExitCode.OK;
        }
        String meant = Suggestion.didYouMean(
                command,
                List.of("ls", "rm", "prune", "build", "history", "inspect", "load", "pull", "push", "save", "tag"));
        io.err()
                .print("jbuild: unknown command 'image " + command + "'; "
                        + (meant == null ? "'jbuild image --help' lists the commands" : meant) + "\n");
        return ExitCode.USAGE;
    }

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
