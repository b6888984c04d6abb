package dev.jbuild.cli.attest;

import dev.jbuild.exporter.attestation.Provenance;
import dev.jbuild.exporter.attestation.Provenance.ConfigSource;
import dev.jbuild.exporter.attestation.Provenance.Need;
import dev.jbuild.exporter.attestation.Provenance.Resource;
import dev.jbuild.exporter.attestation.Redaction;
import dev.jbuild.exporter.attestation.Statement;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.solver.Build;
import dev.jbuild.solver.SolvedImage;
import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads from a build graph what one image was made of.
final class ProvenanceReader {
    private final Build build;
    private final SolvedImage image;
    private final BuildFacts facts;
    private final List<Vertex> vertices = new ArrayList<>();

    ProvenanceReader(Build build, SolvedImage image, BuildFacts facts) {
        this.build = build;
        this.image = image;
        this.facts = facts;
        Set<Vertex> reached = new HashSet<>();
        reach(image.vertex(), reached);
        for (Vertex vertex : build.graph().topological()) {
            if (reached.contains(vertex)) {
                vertices.add(vertex);
            }
        }
    }

    /// The names of the stages that an image stands on.
    static Set<String> stages(Build build, SolvedImage image) {
        Set<Vertex> reached = new HashSet<>();
        reach(image.vertex(), reached);
        Set<String> stages = new HashSet<>();
        for (Vertex vertex : reached) {
            String stage = build.graph().info(vertex).stage();
            if (stage != null) {
                stages.add(stage);
            }
        }
        return stages;
    }

    // Not by recursion: a graph may be deeper than the stack.
    private static void reach(@Nullable Vertex target, Set<Vertex> reached) {
        List<Vertex> open = new ArrayList<>();
        if (target != null) {
            open.add(target);
        }
        while (!open.isEmpty()) {
            Vertex vertex = open.removeLast();
            if (reached.add(vertex)) {
                open.addAll(vertex.inputs());
            }
        }
    }

    /// @param format of the layers, null if there are none to tell of
    Provenance read(
            SortedMap<String, String> args,
            SortedMap<String, String> vcs,
            String invocationId,
            java.time.Instant started,
            java.time.Instant finished,
            @Nullable LayerFormat format)
            throws IOException, InterruptedException {
        return new Provenance(
                configSource(),
                args,
                needs(true),
                needs(false),
                locals(),
                Platform.host().toString(),
                dependencies(),
                steps(format),
                new Provenance.SourceText(dockerfileName(), shown(dockerfile().text())),
                vcs,
                isHermetic(),
                vertices.stream().noneMatch(vertex -> vertex.op() instanceof Op.LocalSource),
                started,
                finished,
                invocationId);
    }

    private String shown(String text) {
        return facts.secrets().masked(Redaction.text(text));
    }

    private Source dockerfile() {
        return facts.plan().dockerfile().source();
    }

    private String dockerfileName() {
        return facts.dockerfile().orElse("Dockerfile");
    }

    private ConfigSource configSource() {
        var context = facts.plan().context();
        Resource resource = context == null ? null : resource(context.ops().getFirst());
        return resource == null
                ? new ConfigSource("", Map.of(), dockerfileName())
                : new ConfigSource(resource.uri(), resource.digest(), dockerfileName());
    }

    private List<String> locals() {
        Set<String> names = new TreeSet<>();
        for (Vertex vertex : vertices) {
            if (vertex.op() instanceof Op.LocalSource local) {
                names.add(local.context());
            }
        }
        if (facts.plan().context() == null) {
            names.add("dockerfile");
        }
        return List.copyOf(names);
    }

    private List<Resource> dependencies() {
        Set<Resource> found = new LinkedHashSet<>();
        var context = facts.plan().context();
        if (context != null) {
            add(resource(context.ops().getFirst()), found);
        }
        for (Vertex vertex : vertices) {
            add(resource(vertex.op()), found);
        }
        return found.stream()
                .sorted(java.util.Comparator.comparing(Resource::uri))
                .toList();
    }

    private static void add(@Nullable Resource resource, Set<Resource> found) {
        if (resource != null) {
            found.add(resource);
        }
    }

    private static @Nullable Resource resource(Op op) {
        return switch (op) {
            case Op.ImageSource source -> {
                ImageReference name = ImageReference.parse(source.reference());
                ImageReference shown = name.tag() == null
                        ? name
                        : new ImageReference(name.registry(), name.repository(), name.tag(), null);
                yield new Resource(
                        Statement.packageUrl(shown, source.platform()),
                        Map.of("sha256", source.manifest().hex()));
            }
            case Op.OciLayoutSource source -> {
                String directory = source.directory();
                String name = directory.substring(directory.lastIndexOf('/') + 1);
                yield new Resource(
                        "pkg:oci/" + encoded(name) + "@"
                                + encoded(source.manifest().toString()) + "?platform="
                                + encoded(source.platform().toString()),
                        Map.of("sha256", source.manifest().hex()));
            }
            case Op.HttpSource source ->
                new Resource(
                        source.url().withoutLogin(),
                        Map.of("sha256", source.content().hex()));
            case Op.GitSource source ->
                new Resource(
                        source.remote().withoutLogin() + (source.ref().isEmpty() ? "" : "#" + source.ref()),
                        Map.of(source.commit().length() == 40 ? "sha1" : "sha256", source.commit()));
            case Op.LocalSource _ -> null;
            case Op.Exec _ -> null;
            case Op.FileOp _ -> null;
            case Op.Merge _ -> null;
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private boolean isHermetic() {
        return vertices.stream()
                .noneMatch(vertex -> vertex.op() instanceof Op.Exec exec && exec.network() != Network.NONE);
    }

    private List<Need> needs(boolean secrets) {
        List<Need> needs = new ArrayList<>();
        for (Vertex vertex : vertices) {
            if (vertex.op() instanceof Op.Exec exec) {
                for (ExecMount mount : exec.mounts()) {
                    if (secrets && mount instanceof ExecMount.Secret secret) {
                        needs.add(new Need(secret.id(), !secret.required()));
                    } else if (!secrets && mount instanceof ExecMount.Ssh ssh) {
                        needs.add(new Need(ssh.id(), !ssh.required()));
                    }
                }
            }
        }
        return needs;
    }

    private List<Provenance.Step> steps(@Nullable LayerFormat format) throws IOException, InterruptedException {
        Map<Vertex, Integer> numbers = new HashMap<>();
        Set<Vertex> exported = exported();
        LlbSteps llb = new LlbSteps(this::shown);
        List<Provenance.Step> steps = new ArrayList<>();
        for (Vertex vertex : vertices) {
            List<Integer> inputs = new ArrayList<>();
            vertex.inputs().forEach(input -> inputs.add(numbers.get(input)));
            List<Descriptor> layers = format == null || !exported.contains(vertex)
                    ? List.of()
                    : image.layersOf(vertex, format).stream()
                            .map(LayerBlob::descriptor)
                            .toList();
            numbers.put(vertex, steps.size());
            steps.add(new Provenance.Step(
                    vertex.digest().toString(), llb.op(vertex.op()), inputs, lines(vertex), layers));
        }
        return steps;
    }

    // Those whose layers are the image's.
    private Set<Vertex> exported() {
        Set<Vertex> exported = new HashSet<>();
        List<Vertex> open = new ArrayList<>();
        Vertex target = image.vertex();
        if (target != null) {
            open.add(target);
        }
        while (!open.isEmpty()) {
            Vertex vertex = open.removeLast();
            if (exported.add(vertex)) {
                if (vertex.op() instanceof Op.Merge) {
                    open.addAll(vertex.inputs());
                } else if (vertex.op().root() != Op.NONE) {
                    open.add(vertex.inputs().get(vertex.op().root()));
                }
            }
        }
        return exported;
    }

    private Provenance.@Nullable Lines lines(Vertex vertex) {
        VertexInfo info = build.graph().info(vertex);
        Source source = info.source();
        Span span = info.span();
        if (source == null || span == null || source != dockerfile()) {
            return null;
        }
        return new Provenance.Lines(
                source.position(span.start()).line(),
                source.position(Math.max(span.start(), span.end() - 1)).line());
    }
}
