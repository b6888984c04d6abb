package dev.jbuild.cli;

import dev.jbuild.cli.report.CheckReport;
import dev.jbuild.cli.report.ErrorReport;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.OutlineReport;
import dev.jbuild.cli.report.TargetsReport;
import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.solver.plan.GraphBuilder;
import dev.jbuild.solver.plan.Outline;
import dev.jbuild.solver.plan.PlanCheck;
import java.io.IOException;
import java.util.List;

/// `jbuild build --call=…`: tells of a Dockerfile instead of building it.
final class CallCommand {
    private final Call call;
    private final BuildOptions options;
    private final Io io;

    private CallCommand(Call call, BuildOptions options, Io io) {
        this.call = call;
        this.options = options;
        this.io = io;
    }

    static ExitCode run(Call call, BuildOptions options, Io io) throws IOException, InterruptedException {
        ExitCode end;
        try (BuildSession session = new BuildSession(options, io)) {
            end = new CallCommand(call, options, io).run(BuildInputs.read(options, session), session);
        }
        io.out().flush();
        return call.ignoreStatus() ? ExitCode.OK : end;
    }

    private ExitCode run(BuildInputs inputs, BuildSession session) throws IOException, InterruptedException {
        return switch (call.method()) {
            case BUILD -> throw new IllegalArgumentException("a build is no question");
            case CHECK -> check(inputs, session);
            case OUTLINE -> {
                Dockerfile file = parse(inputs);
                Outline outline = Outline.of(options.plan(file, inputs));
                io.out().print(call.json() ? OutlineReport.json(outline, file.source()) : OutlineReport.text(outline));
                yield ExitCode.OK;
            }
            case TARGETS -> {
                Dockerfile file = parse(inputs);
                io.out().print(call.json() ? TargetsReport.json(file) : TargetsReport.text(file));
                yield ExitCode.OK;
            }
        };
    }

    private Dockerfile parse(BuildInputs inputs) {
        return DockerfileParser.parse(inputs.dockerfile(), options.buildArgs().get("BUILDKIT_SYNTAX"));
    }

    private ExitCode check(BuildInputs inputs, BuildSession session) throws IOException, InterruptedException {
        PlanCheck check = checked(inputs, session);
        io.out()
                .print(
                        call.json()
                                ? CheckReport.json(check, inputs.dockerfile())
                                : CheckReport.text(check, inputs.dockerfile(), colour()));
        io.err().print(CheckReport.unknownImages(check));
        if (check.error() != null) {
            return ErrorReport.print(check.error(), io, options.debug());
        }
        return check.warnings().isEmpty() ? ExitCode.OK : ExitCode.BUILD_FAILED;
    }

    // The answer goes to standard output, and only a terminal shows colours.
    private boolean colour() {
        return io.terminal().output() && io.env("NO_COLOR") == null && !"dumb".equals(io.env("TERM"));
    }

    private PlanCheck checked(BuildInputs inputs, BuildSession session) throws IOException, InterruptedException {
        try {
            return GraphBuilder.check(
                    options.plan(parse(inputs), inputs), new CheckedImages(session, options.freshness()));
        } catch (DockerfileException e) {
            return new PlanCheck(List.of(), e, List.of());
        }
    }
}
