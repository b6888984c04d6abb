package dev.jbuild.exporter.attestation;

import dev.jbuild.layerstore.oci.Descriptor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How one image came about, as plain values. What it says of itself must be fit to be published: no value of a secret
/// and no login is in it.
///
/// @param configSource what the build began with
/// @param args what was asked for, as `build-arg:NAME`, `label:NAME`, `target` and so on
/// @param locals the contexts that were directories of the builder, by name
/// @param builderPlatform the platform of the machine that built
/// @param dependencies everything from elsewhere that was used
/// @param steps the build graph; inputs come before those that read them
/// @param vcs what a version control system says of the context: `source`, `revision`
/// @param hermetic whether no step had a network
/// @param complete whether `dependencies` are all there were
/// @param startedOn to the second
public record Provenance(
        ConfigSource configSource,
        SortedMap<String, String> args,
        List<Need> secrets,
        List<Need> ssh,
        List<String> locals,
        String builderPlatform,
        List<Resource> dependencies,
        List<Step> steps,
        @Nullable SourceText source,
        SortedMap<String, String> vcs,
        boolean hermetic,
        boolean complete,
        Instant startedOn,
        Instant finishedOn,
        String invocationId) {
    public Provenance {
        args = new TreeMap<>(args);
        args.replaceAll((name, value) -> Redaction.text(value));
        secrets = List.copyOf(secrets);
        ssh = List.copyOf(ssh);
        locals = List.copyOf(locals);
        dependencies = List.copyOf(dependencies);
        steps = List.copyOf(steps);
        vcs = new TreeMap<>(vcs);
    }

    /// Something with an immutable content.
    ///
    /// @param digest by algorithm
    public record Resource(String uri, Map<String, String> digest) {
        public Resource {
            uri = Redaction.text(uri);
            digest = Map.copyOf(digest);
        }
    }

    /// Where the Dockerfile came from.
    ///
    /// @param uri empty for a directory of the builder
    /// @param path the Dockerfile's place in it
    public record ConfigSource(String uri, Map<String, String> digest, String path) {
        public ConfigSource {
            uri = Redaction.text(uri);
            path = Redaction.text(path);
            digest = Map.copyOf(digest);
        }
    }

    /// The ID of a secret or of an agent.
    public record Need(String id, boolean optional) {}

    /// One operation of the build graph.
    ///
    /// @param digest identifies it within the build
    /// @param op the operation, in the form of LLB's JSON
    /// @param inputs indexes of earlier steps
    /// @param lines the lines of the instruction that it stands for; null if it stands for none
    /// @param layers those of its result, lowest first, where they are known
    public record Step(
            String digest,
            Map<String, ?> op,
            List<Integer> inputs,
            @Nullable Lines lines,
            List<Descriptor> layers) {
        public Step {
            inputs = List.copyOf(inputs);
            layers = List.copyOf(layers);
        }
    }

    /// From a line to a line, the first of a file being one.
    public record Lines(int first, int last) {}

    /// The Dockerfile.
    public record SourceText(String name, String text) {
        public SourceText {
            name = Redaction.text(name);
            text = Redaction.text(text);
        }
    }

    /// How much is told, and how.
    ///
    /// @param builderId a URL of who answers for the build, empty if nobody is named
    /// @param reproducible what the user claims
    /// @param file the name of the file beside outputs that are no image
    public record Form(
            Mode mode, Version version, String builderId, boolean reproducible, boolean inlineOnly, String file) {
        /// The usual name of the file.
        public static final String FILE = "provenance.json";

        public Form withMode(Mode other) {
            return new Form(other, version, builderId, reproducible, inlineOnly, file);
        }
    }

    /// Whether build arguments, the build graph, the Dockerfile and the layers are told too.
    public enum Mode {
        MIN,
        MAX
    }

    /// Of SLSA's predicate.
    public enum Version {
        V1,
        V02
    }

    /// This provenance as a predicate.
    public Predicate in(Form form) {
        String type = switch (form.version()) {
            case V1 -> Predicate.SLSA_1;
            case V02 -> Predicate.SLSA_02;
        };
        return new Predicate(type, form.file(), form.inlineOnly(), new ProvenanceJson(this, form).text());
    }

    /// Several words of one kind, each once.
    static List<Need> once(List<Need> needs) {
        TreeMap<String, Need> byId = new TreeMap<>();
        // Required by one step is required.
        needs.forEach(need -> byId.merge(need.id(), need, (a, b) -> new Need(a.id(), a.optional() && b.optional())));
        return new ArrayList<>(byId.values());
    }
}
