package dev.jbuild.exporter.attestation;

import dev.jbuild.exporter.attestation.Provenance.Form;
import dev.jbuild.exporter.attestation.Provenance.Mode;
import dev.jbuild.exporter.attestation.Provenance.Need;
import dev.jbuild.exporter.attestation.Provenance.SourceText;
import dev.jbuild.exporter.attestation.Provenance.Step;
import dev.jbuild.layerstore.oci.Descriptor;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// SLSA's predicates with BuildKit's extensions, so that those who read BuildKit's provenance read this too.
final class ProvenanceJson {
    private static final String V1_BUILD_TYPE =
            "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md";
    private static final String V02_BUILD_TYPE = "https://mobyproject.org/buildkit@v1";
    private static final String FRONTEND = "dockerfile.v0";

    private final Provenance provenance;
    private final Form form;
    private final boolean max;

    ProvenanceJson(Provenance provenance, Form form) {
        this.provenance = provenance;
        this.form = form;
        this.max = form.mode() == Mode.MAX;
    }

    String text() {
        Map<String, Object> tree = switch (form.version()) {
            case V1 -> v1();
            case V02 -> v02();
        };
        return new String(JsonTree.write(tree), StandardCharsets.UTF_8);
    }

    private Map<String, Object> v1() {
        Map<String, Object> external = new LinkedHashMap<>();
        external.put("configSource", configSource("path"));
        external.put("request", request());
        Map<String, Object> internal = new LinkedHashMap<>();
        internal.put("buildConfig", max ? buildConfig() : Map.of());
        internal.put("builderPlatform", provenance.builderPlatform());
        Map<String, Object> definition = new LinkedHashMap<>();
        definition.put("buildType", V1_BUILD_TYPE);
        definition.put("externalParameters", external);
        definition.put("internalParameters", internal);
        definition.put("resolvedDependencies", dependencies());

        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("invocationID", provenance.invocationId());
        metadata.put("startedOn", provenance.startedOn().truncatedTo(ChronoUnit.SECONDS));
        metadata.put("finishedOn", provenance.finishedOn().truncatedTo(ChronoUnit.SECONDS));
        metadata.put("buildkit_metadata", buildkitMetadata());
        metadata.put("buildkit_hermetic", provenance.hermetic());
        Map<String, Object> completeness = new LinkedHashMap<>();
        completeness.put("request", requestIsComplete());
        completeness.put("resolvedDependencies", provenance.complete());
        metadata.put("buildkit_completeness", completeness);
        metadata.put("buildkit_reproducible", form.reproducible());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("builder", builder());
        details.put("metadata", metadata);
        Map<String, Object> predicate = new LinkedHashMap<>();
        predicate.put("buildDefinition", definition);
        predicate.put("runDetails", details);
        return predicate;
    }

    private Map<String, Object> v02() {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("platform", provenance.builderPlatform());
        Map<String, Object> invocation = new LinkedHashMap<>();
        invocation.put("configSource", configSource("entryPoint"));
        invocation.put("parameters", request());
        invocation.put("environment", environment);

        Map<String, Object> completeness = new LinkedHashMap<>();
        completeness.put("parameters", requestIsComplete());
        completeness.put("environment", true);
        completeness.put("materials", provenance.complete());
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("buildInvocationID", provenance.invocationId());
        metadata.put("buildStartedOn", provenance.startedOn().truncatedTo(ChronoUnit.SECONDS));
        metadata.put("buildFinishedOn", provenance.finishedOn().truncatedTo(ChronoUnit.SECONDS));
        metadata.put("completeness", completeness);
        metadata.put("reproducible", form.reproducible());
        metadata.put(V02_BUILD_TYPE + "#metadata", buildkitMetadata());
        metadata.put(V02_BUILD_TYPE + "#hermetic", provenance.hermetic());

        Map<String, Object> predicate = new LinkedHashMap<>();
        predicate.put("builder", builder());
        predicate.put("buildType", V02_BUILD_TYPE);
        predicate.put("materials", dependencies());
        predicate.put("invocation", invocation);
        predicate.put("buildConfig", max ? buildConfig() : Map.of());
        predicate.put("metadata", metadata);
        return predicate;
    }

    // SLSA wants the field even where nobody is named, and a text that is not null.
    private Map<String, Object> builder() {
        return Map.of("id", new JsonTree.Text(form.builderId()));
    }

    private Map<String, Object> configSource(String pathField) {
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("uri", provenance.configSource().uri());
        source.put("digest", new TreeMap<>(provenance.configSource().digest()));
        source.put(pathField, provenance.configSource().path());
        return source;
    }

    private Map<String, Object> request() {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("frontend", FRONTEND);
        Map<String, String> args = new TreeMap<>(provenance.args());
        if (!max) {
            args.keySet().removeIf(ProvenanceJson::isPrivate);
        }
        request.put("args", texts(args));
        if (max) {
            request.put("secrets", needs(provenance.secrets()));
            request.put("ssh", needs(provenance.ssh()));
        }
        request.put(
                "locals",
                provenance.locals().stream().map(name -> Map.of("name", name)).toList());
        return request;
    }

    private static boolean isPrivate(String arg) {
        return arg.startsWith("build-arg:") || arg.startsWith("label:");
    }

    private boolean requestIsComplete() {
        return max || provenance.args().keySet().stream().noneMatch(ProvenanceJson::isPrivate);
    }

    // An empty value says something here, so it must not be left out.
    private static Map<String, Object> texts(Map<String, String> values) {
        Map<String, Object> texts = new LinkedHashMap<>();
        values.forEach((name, value) -> texts.put(name, new JsonTree.Text(value)));
        return texts;
    }

    private static List<Map<String, Object>> needs(List<Need> needs) {
        return Provenance.once(needs).stream()
                .map(need -> {
                    Map<String, Object> each = new LinkedHashMap<>();
                    each.put("id", need.id());
                    each.put("optional", need.optional() ? true : null);
                    return each;
                })
                .toList();
    }

    private List<Map<String, Object>> dependencies() {
        return provenance.dependencies().stream()
                .map(dependency -> {
                    Map<String, Object> each = new LinkedHashMap<>();
                    each.put("uri", dependency.uri());
                    each.put("digest", new TreeMap<>(dependency.digest()));
                    return each;
                })
                .toList();
    }

    private Map<String, Object> buildConfig() {
        List<Object> definition = new ArrayList<>();
        Map<String, String> digests = new TreeMap<>();
        for (int i = 0; i < provenance.steps().size(); i++) {
            Step step = provenance.steps().get(i);
            Map<String, Object> each = new LinkedHashMap<>();
            each.put("id", "step" + i);
            each.put("op", step.op());
            each.put(
                    "inputs",
                    step.inputs().stream().map(input -> "step" + input + ":0").toList());
            definition.add(each);
            digests.put(step.digest(), "step" + i);
        }
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("llbDefinition", definition);
        config.put("digestMapping", digests);
        return config;
    }

    private Map<String, Object> buildkitMetadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("vcs", provenance.vcs());
        SourceText source = provenance.source();
        if (max && source != null) {
            metadata.put("source", source(source));
        }
        if (max) {
            metadata.put("layers", layers());
        }
        return metadata;
    }

    private Map<String, Object> source(SourceText text) {
        Map<String, Object> locations = new LinkedHashMap<>();
        for (int i = 0; i < provenance.steps().size(); i++) {
            Provenance.Lines lines = provenance.steps().get(i).lines();
            if (lines != null) {
                Map<String, Object> range = new LinkedHashMap<>();
                range.put("start", Map.of("line", lines.first()));
                range.put("end", Map.of("line", lines.last()));
                locations.put("step" + i, Map.of("locations", List.of(Map.of("ranges", List.of(range)))));
            }
        }
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("filename", text.name());
        info.put("language", "Dockerfile");
        info.put("data", text.text().getBytes(StandardCharsets.UTF_8));
        Map<String, Object> source = new LinkedHashMap<>();
        source.put("locations", locations);
        source.put("infos", List.of(info));
        return source;
    }

    private Map<String, Object> layers() {
        Map<String, Object> layers = new LinkedHashMap<>();
        for (int i = 0; i < provenance.steps().size(); i++) {
            List<Descriptor> own = provenance.steps().get(i).layers();
            if (!own.isEmpty()) {
                layers.put(
                        "step" + i + ":0",
                        List.of(own.stream().map(ProvenanceJson::descriptor).toList()));
            }
        }
        return layers;
    }

    private static Map<String, Object> descriptor(Descriptor layer) {
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", layer.mediaType());
        descriptor.put("digest", layer.digest().toString());
        descriptor.put("size", layer.size());
        return descriptor;
    }
}
