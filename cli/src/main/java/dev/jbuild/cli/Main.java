package dev.jbuild.cli;

import dev.jbuild.cli.image.ExploreCommand;
import dev.jbuild.cli.image.HistoryCommand;
import dev.jbuild.cli.image.ImagesCommand;
import dev.jbuild.cli.image.ImagetoolsCommand;
import dev.jbuild.cli.image.InspectCommand;
import dev.jbuild.cli.image.LoadCommand;
import dev.jbuild.cli.image.PullCommand;
import dev.jbuild.cli.image.PushCommand;
import dev.jbuild.cli.image.SaveCommand;
import dev.jbuild.cli.image.TagCommand;
import dev.jbuild.cli.report.ErrorReport;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import java.util.List;
import java.util.concurrent.Callable;

/// The entry point: the first argument chooses one command, and only that command's classes are loaded.
public final class Main {

    private Main() {}

    /// Halts instead of exiting: `System.exit` first asks for a logger, which searches every jar of the class path
    /// for one and costs a third of a start. Shutdown hooks therefore run only when a signal ends the process; a
    /// command that returns has cleaned up after itself.
    public static void main(String[] args) {
        Io io = Io.ofProcess();
        int end = end(args, io);
        io.out().flush();
        io.err().flush();
        Runtime.getRuntime().halt(end);
    }

    /// Runs one command line. The result is the process's exit code: `jbuild shell` passes on that of its shell.
    private static int end(String[] args, Io io) {
        int[] code = {ExitCode.OK.code()};
        ExitCode end = args.length > 0 && args[0].equals(ShellCommand.NAME)
                ? guarded(args, io, () -> {
                    code[0] = ShellCommand.run(List.of(args).subList(1, args.length), io);
                    return ExitCode.OK;
                })
                : run(args, io);
        return end == ExitCode.OK ? code[0] : end.code();
    }

    /// Runs one command line and returns how it ended; never exits and reads nothing but `io`.
    public static ExitCode run(String[] args, Io io) {
        return guarded(
                args,
                io,
                () -> args.length == 0
                        ? HelpCommand.missing(io)
                        : run(args[0], List.of(args).subList(1, args.length), io));
    }

    @SuppressWarnings("CatchingUnchecked") // whatever goes wrong is told here, in one form
    private static ExitCode guarded(String[] args, Io io, Callable<ExitCode> command) {
        try {
            return command.call();
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            boolean debug = List.of(args).contains("--debug") || List.of(args).contains("-D");
            return ErrorReport.print(e, io, debug);
        } finally {
            io.out().flush();
        }
    }

    /// `jbuild image COMMAND`, as Docker has it.
    private static ExitCode image(List<String> args, Io io) throws Exception {
        String command = args.isEmpty() ? "--help" : args.getFirst();
        List<String> rest = args.isEmpty() ? args : args.subList(1, args.size());
        return switch (command) {
            case "ls", "list" -> ImagesCommand.run(rest, io);
            case "rm", "remove" -> RmiCommand.run(rest, io);
            case "prune" -> ImagePruneCommand.run(rest, io);
            case "build", "history", "inspect", "load", "pull", "push", "save", "tag" -> run(command, rest, io);
            default -> HelpCommand.image(command, io);
        };
    }

    /// Runs a command that may take long: Ctrl-C lets it clean up.
    private static ExitCode stoppable(Callable<ExitCode> command) throws Exception {
        try (Interruption _ = Interruption.ofThisThread()) {
            return command.call();
        }
    }

    private static ExitCode run(String command, List<String> args, Io io) throws Exception {
        return switch (command) {
            case "version", "--version", "-V" -> VersionCommand.run(io);
            case "help", "--help", "-h" -> HelpCommand.run(io);
            case "build" -> BuildCommand.run(args, io);
            case ShellCommand.NAME -> ShellCommand.run(args, io) == 0 ? ExitCode.OK : ExitCode.BUILD_FAILED;
            case "images" -> ImagesCommand.run(args, io);
            case "history" -> HistoryCommand.run(args, io);
            case "inspect" -> InspectCommand.run(args, io);
            case "explore" -> stoppable(() -> ExploreCommand.run(args, io));
            case "tag" -> TagCommand.run(args, io);
            case "rmi" -> RmiCommand.run(args, io);
            case "save" -> stoppable(() -> SaveCommand.run(args, io));
            case "load" -> stoppable(() -> LoadCommand.run(args, io));
            case "pull" -> stoppable(() -> PullCommand.run(args, io));
            case "push" -> stoppable(() -> PushCommand.run(args, io));
            case "imagetools" -> stoppable(() -> ImagetoolsCommand.run(args, io));
            case "image" -> image(args, io);
            case "du" -> DuCommand.run(args, io);
            case "prune" -> PruneCommand.run(args, io);
            case "doctor" -> DoctorCommand.run(args, io);
            case TrainCommand.NAME -> TrainCommand.run(io);
            default -> HelpCommand.unknown(command, io);
        };
    }
}
