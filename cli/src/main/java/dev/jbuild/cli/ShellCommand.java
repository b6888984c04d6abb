package dev.jbuild.cli;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.solver.Build;
import dev.jbuild.solver.SolveRequest;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.run.FailedRun;
import dev.jbuild.solver.run.FailedRuns;
import dev.jbuild.solver.run.FailedShell;
import dev.jbuild.solver.run.Visit;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxSettings;
import dev.jbuild.solver.sandbox.Stdio;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// `jbuild shell`: a shell where a RUN failed, or behind any instruction.
final class ShellCommand {
    static final String NAME = "shell";
    private static final Set<String> WITH_FAILED = Set.of(
            "--failed", "--isolation", "--resource", "--root", "--debug", "--secret", "--secret-env-file", "--ssh");

    private final BuildOptions options;
    private final Io io;
    private final List<String> command;

    private ShellCommand(BuildOptions options, Io io, List<String> command) {
        this.options = options;
        this.io = io;
        this.command = command;
    }

    private static Options options() {
        return new Options(
                        NAME,
                        "--failed [OPTIONS] [ID] [-- COMMAND...]\n       jbuild shell --at STAGE[:LINE] [OPTIONS] PATH [-- COMMAND...]",
                        "Opens a shell where a RUN failed, or behind any instruction, with the mounts, environment, user,"
                                + " working directory and network that RUN has there.",
                        "What is changed there is thrown away at the end. The exit code is that of the shell, or of"
                                + " COMMAND.")
                .operands(
                        "ID|PATH",
                        0,
                        1,
                        "With --failed the failed step, by default the last one; with --at the build context, as for build.")
                .flag("Where a RUN failed, as it left its files.", "--failed")
                .value(
                        "STAGE[:LINE]",
                        "At the end of this build stage, or behind the instruction on this line of the Dockerfile.",
                        "--at");
    }

    /// Runs it, and returns the exit code of the shell.
    static int run(List<String> args, Io io) throws IOException, InterruptedException {
        int end = args.indexOf("--");
        List<String> own = end < 0 ? args : args.subList(0, end);
        Optional<BuildOptions> options = BuildOptions.parse(options(), own, io);
        if (options.isEmpty()) {
            return 0;
        }
        List<String> command = end < 0 ? List.of() : args.subList(end + 1, args.size());
        if (end >= 0 && command.isEmpty()) {
            throw new UsageException("there is no command behind --; without one, leave -- out");
        }
        try (Interruption _ = Interruption.ofThisThread()) {
            return new ShellCommand(options.get(), io, command).run();
        }
    }

    private int run() throws IOException, InterruptedException {
        boolean failed = options.parsed().has("--failed");
        Optional<String> at = options.parsed().value("--at");
        if (failed == at.isPresent()) {
            throw new UsageException(
                    failed
                            ? "--failed and --at cannot be used together"
                            : "jbuild shell needs --failed, or --at=STAGE[:LINE] and a PATH; see 'jbuild shell --help'");
        }
        return failed ? atFailed() : at(StepPlace.parse(at.orElseThrow()));
    }

    private int atFailed() throws IOException, InterruptedException {
        for (String option : options.parsed().options()) {
            if (!WITH_FAILED.contains(option)) {
                throw new UsageException(
                        option + " cannot be used with --failed: all is as it was when the step failed");
            }
        }
        Path root = StoreLocation.of(io, options.root());
        Programs programs = new Programs(io.environment().getOrDefault("PATH", ""));
        try (Secrets secrets = options.secrets(programs);
                LayerStore store = LayerStore.open(root, StoreLocation.snapshotter(io))) {
            FailedRun run = find(new FailedRuns(store), root);
            tell("in the file system that this step left: " + run.name(), run.exec());
            // A step that ran out of memory may be looked at with more of it.
            SandboxSettings given = options.sandbox();
            SandboxSettings as = run.settings();
            as = options.parsed().has("--isolation") ? as.with(given.isolation()) : as;
            as = options.parsed().has("--resource") ? as.with(given.resources()) : as;
            return new FailedShell(store, programs, secrets).enter(run, as, visit());
        }
    }

    private FailedRun find(FailedRuns failed, Path root) {
        List<FailedRun> runs = failed.list().stream().map(FailedRuns.Entry::run).toList();
        if (runs.isEmpty()) {
            throw new UsageException("the store at " + root + " keeps no failed step: a build keeps the one that failed"
                    + " until the same build is run again");
        }
        if (options.parsed().operands().isEmpty()) {
            return runs.getFirst();
        }
        String id = options.parsed().operands().getFirst();
        List<FailedRun> found =
                runs.stream().filter(run -> run.id().startsWith(id)).toList();
        if (id.isEmpty() || found.size() != 1) {
            throw new UsageException("there is no failed step " + id + "; there are:\n"
                    + runs.stream().map(run -> run.id() + "  " + run.name()).collect(Collectors.joining("\n")));
        }
        return found.getFirst();
    }

    private int at(StepPlace place) throws IOException, InterruptedException {
        if (options.parsed().operands().isEmpty()) {
            throw new UsageException("--at needs a PATH, for example: jbuild shell --at=" + place + " .");
        }
        if (options.dockerfile() instanceof DockerfileOption.StandardInput
                || options.context() instanceof ContextOperand.StandardInput) {
            throw new UsageException("standard input is the shell's: it cannot be the Dockerfile or the context too");
        }
        if (options.platforms().size() > 1) {
            throw new UsageException("a shell can be opened for one --platform only");
        }
        try (BuildSession session = new BuildSession(options, io)) {
            Secrets secrets = session.secrets();
            BuildInputs inputs = BuildInputs.read(options, session);
            Dockerfile dockerfile = DockerfileParser.parse(
                    inputs.dockerfile(), options.buildArgs().get("BUILDKIT_SYNTAX"));
            PlanRequest request = options.plan(place.cut(dockerfile), inputs);
            SolveRequest solve = new SolveRequest(
                    new ContextTime(session, inputs).resolve(request),
                    inputs.local(),
                    options.sandbox(),
                    session.programs(),
                    options.freshness(),
                    options.jobs(),
                    null,
                    secrets,
                    options.keeping(NAME));
            return Build.enter(
                    solve, session.store(), session.registries(), io.clock(), session.steps(), visit(), exec -> {
                        session.endProgress();
                        tell("at " + place, exec);
                    });
        }
    }

    private Visit visit() {
        boolean terminal = io.terminal().input() && io.terminal().output();
        String term = io.env("TERM");
        return new Visit(
                command,
                terminal ? List.of("TERM=" + (term == null ? "xterm" : term)) : List.of(),
                terminal ? Stdio.TERMINAL : Stdio.INHERITED);
    }

    /// A command's output may be read by another program, and who typed it knows where.
    private void tell(String place, Op.Exec exec) {
        if (command.isEmpty()) {
            String user = exec.user().isEmpty() ? "root" : exec.user();
            io.err()
                    .print("Shell " + place + "\nUser " + user + ", directory " + exec.cwd()
                            + ". What is changed here is thrown away at the end.\n");
            io.err().flush();
        }
    }
}
