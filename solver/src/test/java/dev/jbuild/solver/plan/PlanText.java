package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.History;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Position;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.FileAction;
import dev.jbuild.solver.graph.KeyPart;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A plan as text: every vertex with its inputs by number, then what comes out for each platform.
final class PlanText {
    private final Map<Vertex, Integer> numbers = new HashMap<>();
    private final StringBuilder text = new StringBuilder();

    private PlanText() {}

    static String of(Plan plan) {
        PlanText text = new PlanText();
        for (Vertex vertex : plan.graph().topological()) {
            text.vertex(vertex, plan.graph().info(vertex).name());
        }
        plan.targets().forEach(text::target);
        return text.text.toString();
    }

    /// An error as it is told: place, message, the line with the words meant, and what to do.
    static String of(DockerfileException error) {
        StringBuilder text = new StringBuilder();
        for (Diagnostic diagnostic : error.diagnostics()) {
            Source source = error.source();
            Position start = source.position(diagnostic.span().start());
            String line = source.line(start.line());
            int width = Math.min(
                    Math.max(1, diagnostic.span().end() - diagnostic.span().start()),
                    line.length() - start.column() + 2);
            text.append(source.place(diagnostic.span().start()))
                    .append(": ")
                    .append(diagnostic.message())
                    .append('\n');
            text.append("  ").append(line).append('\n');
            text.append(" ".repeat(start.column() + 1))
                    .append("^".repeat(Math.max(1, width)))
                    .append('\n');
            if (diagnostic.hint() != null) {
                text.append("  hint: ").append(diagnostic.hint()).append('\n');
            }
        }
        return text.toString();
    }

    private void vertex(Vertex vertex, String name) {
        numbers.put(vertex, numbers.size() + 1);
        line("#" + numbers.get(vertex) + " " + name.replaceAll("sha256:([0-9a-f]{8})[0-9a-f]{56}", "sha256:$1"));
        if (!vertex.inputs().isEmpty()) {
            line("   of " + vertex.inputs().stream().map(this::number).collect(Collectors.joining(" ")));
        }
        switch (vertex.op()) {
            case Op.ImageSource image -> line("   image for " + image.platform());
            case Op.OciLayoutSource layout -> line("   layout for " + layout.platform());
            case Op.LocalSource local -> line("   context " + local.context());
            case Op.HttpSource file -> line("   file " + file.fileName() + keys(file));
            case Op.GitSource git -> line("   git" + keys(git));
            case Op.Merge merge -> line("   merge");
            case Op.FileOp files -> files.actions().forEach(action -> line("   " + action(action)));
            case Op.Exec exec -> exec(exec);
        }
    }

    private String number(Vertex vertex) {
        return "#" + numbers.get(vertex);
    }

    private static String keys(Op op) {
        return op.keyParts().stream()
                .map(part -> " " + part.name() + "=" + part.value().replaceAll("sha256:[0-9a-f]+", "sha256"))
                .collect(Collectors.joining());
    }

    private static String action(FileAction action) {
        return action.keyParts().stream()
                .map(part -> part.name() + " " + part.value().replaceAll("sha256:[0-9a-f]+", "sha256"))
                .collect(Collectors.joining(", "));
    }

    private void exec(Op.Exec exec) {
        line("   args " + exec.args());
        line("   env " + exec.env());
        if (!exec.proxyEnv().isEmpty()) {
            line("   proxies " + exec.proxyEnv());
        }
        if (!exec.hostname().equals("buildkitsandbox")) {
            line("   hostname " + exec.hostname());
        }
        if (exec.network() != Network.DEFAULT) {
            line("   network " + exec.network());
        }
        line("   in " + exec.cwd() + (exec.user().isEmpty() ? "" : " as " + exec.user()) + " for " + exec.platform());
        for (ExecMount mount : exec.mounts()) {
            String from = mount.input() == Op.NONE ? "" : " of input " + mount.input() + " at " + mount.source();
            if (mount instanceof ExecMount.Cache cache) {
                line("   cache " + cache.id() + " " + cache.sharing() + " " + Integer.toOctalString(cache.mode())
                        + " of " + cache.uid() + ":" + cache.gid() + (cache.readOnly() ? " read-only" : ""));
            }
            line("   mount " + mount.keyParts().stream().map(KeyPart::value).toList() + from);
        }
    }

    private void target(Plan.Target target) {
        line("= " + target.platform()
                + (target.vertex() == null ? " without files" : " of " + number(target.vertex())));
        ContainerConfig config = target.config().config();
        field("user", config.user());
        field("env", config.env());
        field("workdir", config.workingDir());
        field("entrypoint", config.entrypoint());
        field("cmd", config.cmd());
        field("shell", config.shell());
        field("expose", config.exposedPorts());
        field("volumes", config.volumes());
        field("labels", config.labels());
        field("stop", config.stopSignal());
        field("onbuild", config.onBuild());
        field("healthcheck", config.healthcheck());
        field("author", target.config().author());
        for (History line : target.config().history()) {
            line("   - " + line.createdBy().replace("\n", "\\n") + (line.emptyLayer() ? "" : " (layer)"));
        }
    }

    private void field(String name, @Nullable Object value) {
        String shown = Objects.toString(value, "");
        if (!shown.isEmpty()
                && !shown.equals("[]")
                && !shown.equals("{}")
                && !List.of().equals(value)) {
            line("   " + name + " " + shown);
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
