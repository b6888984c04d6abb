package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Command;
import dev.jbuild.parser.ast.ExecForm;
import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.MountFlag;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.ShellForm;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Security;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// RUN: a process over the stage's file system.
final class RunTranslator {
    private static final String HOSTNAME = "buildkitsandbox";
    private static final String AGENT_VARIABLE = "SSH_AUTH_SOCK=";

    private final StageVertices vertices;
    private final PlanRequest request;
    private final BuildScope scope;

    RunTranslator(StageVertices vertices, PlanRequest request, BuildScope scope) {
        this.vertices = vertices;
        this.request = request;
        this.scope = scope;
    }

    void translate(Run run, StageState state, Span span) {
        Security security = security(run, state);
        List<Vertex> inputs = state.rootInputs();
        List<ExecMount> mounts = new ArrayList<>();
        MountTranslator translator = new MountTranslator(
                vertices, state, run, inputs, request.buildArgs().getOrDefault("BUILDKIT_CACHE_MOUNT_NS", ""));
        for (MountFlag flag : run.mounts()) {
            mounts.add(translator.translate(flag));
        }
        List<String> args = arguments(run.command(), state, inputs, mounts);
        Op exec = new Op.Exec(
                state.rootIndex(),
                args,
                environment(state, mounts),
                proxies(state),
                state.workingDirectory(),
                state.user(),
                mounts,
                network(run, state),
                hostname(),
                request.run().hosts(),
                security,
                request.run().limits(),
                state.platform());
        VertexInfo info = state.next(vertices.source(), span, name(run));
        state.extend(vertices.graph().add(exec, inputs, info));
        state.history("RUN " + state.argumentsForHistory() + String.join(" ", args), true);
    }

    /// What progress shows: of a here-document that is the whole command, its first line too.
    private static String name(Run run) {
        if (!(run.command() instanceof ShellForm shell) || !shell.isHeredocOnly()) {
            return run.text();
        }
        String body = shell.heredocs().getFirst().content().strip();
        int end = body.indexOf('\n');
        return run.text() + " (" + (end < 0 ? body : body.substring(0, end).stripTrailing() + "...") + ")";
    }

    private String hostname() {
        String name = request.buildArgs().getOrDefault("BUILDKIT_SANDBOX_HOSTNAME", "");
        return name.isEmpty() ? HOSTNAME : name;
    }

    private Security security(Run run, StageState state) {
        Word flag = run.security();
        if (flag == null) {
            return Security.SANDBOX;
        }
        return switch (state.expand(flag)) {
            case "sandbox" -> Security.SANDBOX;
            case "insecure" -> {
                need(Entitlement.SECURITY_INSECURE, "--security=insecure", flag);
                yield Security.INSECURE;
            }
            default ->
                throw PlanErrors.at(
                        vertices.source(),
                        flag.span(),
                        "invalid security mode \"" + state.expand(flag) + '"',
                        "one of sandbox, insecure");
        };
    }

    private void need(Entitlement entitlement, String what, Word flag) {
        if (!request.run().allowed().contains(entitlement)) {
            throw PlanErrors.at(
                    vertices.source(),
                    flag.span(),
                    "RUN " + what + " is not allowed: " + entitlement.word() + " was not granted",
                    "whoever trusts this Dockerfile builds it with --allow " + entitlement.word());
        }
    }

    private List<String> arguments(Command command, StageState state, List<Vertex> inputs, List<ExecMount> mounts) {
        return switch (command) {
            case ExecForm exec -> exec.arguments();
            case ShellForm shell -> {
                List<String> words = new ArrayList<>(state.shell());
                words.add(script(shell, inputs, mounts));
                yield words;
            }
        };
    }

    /// What the shell is given: the text, the body of a lone here-document, or the path of one that is a script.
    private String script(ShellForm shell, List<Vertex> inputs, List<ExecMount> mounts) {
        if (!shell.isHeredocOnly()) {
            return shell.fullText();
        }
        Heredoc heredoc = shell.heredocs().getFirst();
        String body = heredoc.content();
        if (!body.startsWith("#!")) {
            return body;
        }
        FileAction file = new FileAction.MakeFile("/", heredoc.name(), body, null, new FileAction.Mode("755"));
        Vertex made = vertices.graph()
                .add(
                        new Op.FileOp(Op.NONE, List.of(file)),
                        List.of(),
                        VertexInfo.named("[internal] here-document " + heredoc.name()));
        String path = "/dev/pipes/" + heredoc.name();
        inputs.add(made);
        mounts.add(new ExecMount.Bind(inputs.size() - 1, "/" + heredoc.name(), path, true));
        return path;
    }

    /// The stage's variables, and where the first agent is.
    private static List<String> environment(StageState state, List<ExecMount> mounts) {
        List<String> variables = new ArrayList<>(state.environment());
        if (variables.stream().noneMatch(each -> each.startsWith(AGENT_VARIABLE))) {
            mounts.stream()
                    .filter(ExecMount.Ssh.class::isInstance)
                    .findFirst()
                    .ifPresent(agent -> variables.add(AGENT_VARIABLE + agent.target()));
        }
        return variables;
    }

    private List<String> proxies(StageState state) {
        List<String> proxies = new ArrayList<>();
        scope.proxies().forEach((name, value) -> {
            if (!state.declares(name)) {
                proxies.add(name + "=" + value);
            }
        });
        return proxies;
    }

    private Network network(Run run, StageState state) {
        Word flag = run.network();
        if (flag == null) {
            return request.run().network();
        }
        return switch (state.expand(flag).toLowerCase(Locale.ROOT)) {
            case "none" -> Network.NONE;
            case "host" -> {
                need(Entitlement.NETWORK_HOST, "--network=host", flag);
                yield Network.HOST;
            }
            case "default" -> Network.DEFAULT;
            default ->
                throw PlanErrors.at(
                        vertices.source(),
                        flag.span(),
                        "invalid network \"" + state.expand(flag) + '"',
                        "one of default, none, host");
        };
    }
}
