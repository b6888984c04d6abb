package dev.jbuild.cli.image;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.source.Suggestion;
import java.io.IOException;
import java.util.List;

/// `jbuild imagetools`: images and indexes in registries, without the local store.
public final class ImagetoolsCommand {
    private static final String HELP = """
            Usage: jbuild imagetools COMMAND [OPTIONS]

            Works on images and indexes where they are, in registries.

            Commands:
              create     Make an index of images that are in registries, and give it names
              inspect    Show what a name stands for in its registry

            'jbuild imagetools COMMAND --help' describes one command.
            """;

    private ImagetoolsCommand() {}

    public static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        if (args.isEmpty()) {
            io.err().print(HELP);
            return ExitCode.USAGE;
        }
        List<String> rest = args.subList(1, args.size());
        return switch (args.getFirst()) {
            case "create" -> IndexCreation.run(rest, io);
            case "inspect" -> RemoteInspection.run(rest, io);
            case "--help", "-h", "help" -> {
                io.out().print(HELP);
                yield ExitCode.OK;
            }
            default -> {
                String meant = Suggestion.didYouMean(args.getFirst(), List.of("create", "inspect"));
                throw new UsageException("unknown command 'imagetools " + args.getFirst() + "'; "
                        + (meant == null ? "there are create and inspect" : meant));
            }
        };
    }
}
