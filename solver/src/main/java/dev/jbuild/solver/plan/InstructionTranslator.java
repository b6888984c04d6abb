package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.ArgDefinition;
import dev.jbuild.parser.ast.Cmd;
import dev.jbuild.parser.ast.Command;
import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.Entrypoint;
import dev.jbuild.parser.ast.Env;
import dev.jbuild.parser.ast.ExecForm;
import dev.jbuild.parser.ast.Expose;
import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Healthcheck;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.KeyValue;
import dev.jbuild.parser.ast.Label;
import dev.jbuild.parser.ast.Maintainer;
import dev.jbuild.parser.ast.OnBuild;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Shell;
import dev.jbuild.parser.ast.ShellForm;
import dev.jbuild.parser.ast.StopSignal;
import dev.jbuild.parser.ast.User;
import dev.jbuild.parser.ast.Volume;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.ast.Workdir;
import dev.jbuild.parser.source.Span;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.Op;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Applies one instruction to a stage: the configuration grows, and files change through new vertices.
final class InstructionTranslator {
    /// Arguments that are for scanners of the result and no variables.
    private static final Set<String> NOT_IN_ENVIRONMENT =
            Set.of("BUILDKIT_SBOM_SCAN_CONTEXT", "BUILDKIT_SBOM_SCAN_STAGE");

    private final StageVertices vertices;
    private final BuildScope scope;
    private final RunTranslator run;
    private final CopyTranslator copy;

    InstructionTranslator(StageVertices vertices, PlanRequest request, BuildScope scope) {
        this.vertices = vertices;
        this.scope = scope;
        this.run = new RunTranslator(vertices, request, scope);
        this.copy = new CopyTranslator(vertices, request);
    }

    /// @param place where errors and progress point to, if not to the instruction itself
    void translate(Instruction instruction, StageState state, @Nullable Span place) {
        Span span = place == null ? instruction.span() : place;
        state.enterInstruction(vertices.source(), span);
        apply(instruction, state, span);
        for (StageState.Unknown unknown : state.takeUnknown()) {
            vertices.warnings().addUndefined(instruction, unknown);
        }
    }

    private void apply(Instruction instruction, StageState state, Span span) {
        switch (instruction) {
            case Run r -> run.translate(r, state, span);
            case Copy c -> copy.translate(c, state, span);
            case Add a -> copy.translate(a, state, span);
            case Workdir w -> workdir(w, state, span);
            case Env e -> env(e, state);
            case Arg a -> arg(a, state);
            case Label l -> label(l, state);
            case Cmd c -> cmd(c, state);
            case Entrypoint e -> entrypoint(e, state);
            case Shell s -> {
                state.configure(config -> config.shell(s.arguments()));
                state.history("SHELL " + bracketed(s.arguments()), false);
            }
            case User u -> {
                String user = state.expand(u.user());
                state.configure(config -> config.user(user));
                state.history("USER " + user, false);
            }
            case Expose e -> expose(e, state);
            case Volume v -> volume(v, state);
            case StopSignal s -> {
                String signal = state.expand(s.signal());
                if (!Signals.exists(signal)) {
                    throw PlanErrors.at(
                            vertices.source(), s.signal().span(), "invalid signal: " + signal, Signals.near(signal));
                }
                state.configure(config -> config.stopSignal(signal));
                state.history("STOPSIGNAL " + signal, false);
            }
            case Healthcheck h -> {
                dev.jbuild.layerstore.oci.Healthcheck check = HealthcheckTranslator.translate(h);
                state.configure(config -> config.healthcheck(check));
                state.history(h.text(), false);
            }
            case Maintainer m -> {
                state.author(m.name().text());
                state.history("MAINTAINER " + m.name().text(), false);
            }
            case OnBuild o -> {
                state.configure(config -> config.trigger(o.trigger()));
                state.history("ONBUILD " + o.trigger(), false);
            }
            case From f -> throw new IllegalStateException("a FROM begins a stage: " + f);
        }
    }

    private void workdir(Workdir workdir, StageState state, Span span) {
        String path = Paths.absolute(state.expand(workdir.path()), state.workingDirectory());
        state.configure(config -> config.workingDir(path));
        if (path.equals("/")) {
            state.history("WORKDIR " + path, false);
            return;
        }
        String user = state.user();
        FileAction.Owner owner = user.isEmpty() ? null : FileAction.Owner.parse(user);
        Op op = new Op.FileOp(state.rootIndex(), List.of(new FileAction.MakeDirectory(path, 0755, true, owner)));
        state.extend(
                vertices.graph().add(op, state.rootInputs(), state.next(vertices.source(), span, "WORKDIR " + path)));
        state.history("WORKDIR " + path, true);
    }

    private static void env(Env env, StageState state) {
        // Every value sees the variables from before the instruction, so all are expanded before any is set.
        Map<String, String> values = new LinkedHashMap<>();
        for (KeyValue pair : env.variables()) {
            values.put(state.expand(pair.key()), state.expand(pair.value()));
        }
        StringBuilder text = new StringBuilder("ENV");
        values.forEach((name, value) -> {
            state.setEnv(name, value);
            text.append(' ').append(name).append('=').append(value);
        });
        state.history(text.toString(), false);
    }

    private void arg(Arg arg, StageState state) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (ArgDefinition definition : arg.definitions()) {
            Word fallback = definition.value();
            String name = state.expand(definition.name());
            values.put(name, scope.argument(name, fallback == null ? null : state.expand(fallback)));
        }
        StringBuilder text = new StringBuilder("ARG");
        values.forEach((name, value) -> {
            state.setArgument(name, value, !NOT_IN_ENVIRONMENT.contains(name));
            text.append(' ').append(name);
            if (value != null) {
                text.append('=').append(value);
            }
        });
        state.history(text.toString(), false);
    }

    private static void label(Label label, StageState state) {
        Map<String, String> values = new LinkedHashMap<>();
        for (KeyValue pair : label.labels()) {
            values.put(state.expand(pair.key()), state.expand(pair.value()));
        }
        StringBuilder text = new StringBuilder("LABEL");
        values.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        state.configure(config -> config.labels(values));
        state.history(text.toString(), false);
    }

    private static void cmd(Cmd cmd, StageState state) {
        List<String> words = words(cmd.command(), state);
        state.configure(config -> config.cmd(words).argsEscaped(true));
        state.markCmdSet();
        state.history("CMD " + quoted(words), false);
    }

    private static void entrypoint(Entrypoint entrypoint, StageState state) {
        List<String> words = words(entrypoint.command(), state);
        state.configure(config -> {
            config.entrypoint(words.isEmpty() ? null : words).argsEscaped(true);
            if (!state.cmdSet()) {
                // A command inherited from the base was meant for the base's entrypoint.
                config.cmd(null);
            }
        });
        state.history("ENTRYPOINT " + quoted(words), false);
    }

    /// The argument vector of a command: the shell form is wrapped in the shell.
    static List<String> words(Command command, StageState state) {
        return switch (command) {
            case ExecForm exec -> exec.arguments();
            case ShellForm shell -> {
                List<String> words = new ArrayList<>(state.shell());
                words.add(shell.text());
                yield words;
            }
        };
    }

    private void expose(Expose expose, StageState state) {
        List<String> ports = new ArrayList<>();
        for (Word word : expose.ports()) {
            for (String port : state.expandToWords(word)) {
                try {
                    ports.addAll(Ports.parse(port));
                } catch (IllegalArgumentException e) {
                    throw PlanErrors.at(
                            vertices.source(),
                            word.span(),
                            String.valueOf(e.getMessage()),
                            "for example EXPOSE 80, 443/tcp or 7000-8000/udp");
                }
            }
        }
        state.configure(config -> ports.forEach(config::exposePort));
        state.history("EXPOSE " + bracketed(ports), false);
    }

    private void volume(Volume volume, StageState state) {
        List<String> paths = new ArrayList<>();
        for (Word word : volume.paths()) {
            String path = state.expand(word);
            if (path.isEmpty()) {
                throw PlanErrors.at(
                        vertices.source(),
                        word.span(),
                        "VOLUME specified can not be an empty string",
                        "give it a path, or the variable a value");
            }
            paths.add(path);
        }
        state.configure(config -> paths.forEach(config::volume));
        state.history("VOLUME " + bracketed(paths), false);
    }

    private static String bracketed(List<String> words) {
        return "[" + String.join(" ", words) + "]";
    }

    private static String quoted(List<String> words) {
        StringBuilder text = new StringBuilder("[");
        for (String word : words) {
            text.append(text.length() > 1 ? " " : "")
                    .append('"')
                    .append(word.replace("\"", "\\\""))
                    .append('"');
        }
        return text.append(']').toString();
    }
}
