package dev.jbuild.cli;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import java.util.List;
/// The entry point: the first argument chooses one command, and only that command's classes are loaded.
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args, Io.ofProcess()).code());
    }

    /// Runs one command line and returns how it ended; never exits and reads nothing but `io`.
    public static ExitCode run(String[] args, Io io) {
        if (args.length == 0) {
            io.err().print(HelpCommand.TEXT);
            return ExitCode.USAGE;
        }
        return switch (args[0]) {
            case "build" -> BuildCommand.run(List.of(args).subList(1, args.length), io);
            case "version", "--version", "-V" -> VersionCommand.run(io);
            case "help", "--help", "-h" -> HelpCommand.run(io);
            case TrainCommand.NAME -> TrainCommand.run(io);
            default -> {
                io.err().println("jbuild: unknown command '" + args[0] + "'; 'jbuild --help' lists the commands");
                yield ExitCode.USAGE;
            }
        };
    }
}
