package dev.jbuild.cli.attest;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.exporter.attestation.Provenance;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.solver.Build;
import dev.jbuild.solver.SolvedImage;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.NamedContext;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.plan.RunSettings;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is told of the images of one build. Outputs that are written side by side may ask at the same time.
public final class Attestations {
    private static final int ID_LENGTH = 25;
    private static final int RADIX = 36;
    private static final int RANDOM_BITS = 130;

    private final AttestOptions options;
    private final BuildFacts facts;
    private final Build build;
    private final Instant finished;
    private final Map<Platform, List<Predicate>> sboms = new HashMap<>();
    private @Nullable String invocationId;
    private @Nullable SortedMap<String, String> vcs;

    /// Nothing is made before it is asked for.
    ///
    /// @param build one that has ended
    public Attestations(AttestOptions options, BuildFacts facts, Build build) {
        this.options = options;
        this.facts = facts;
        this.build = build;
        Instant epoch = facts.epoch();
        this.finished = epoch == null ? facts.clock().instant() : epoch;
    }

    /// What is told of one image.
    ///
    /// @param format of its layers, null for an output that has none
    public synchronized List<Predicate> of(SolvedImage image, @Nullable LayerFormat format)
            throws IOException, InterruptedException {
        List<Predicate> predicates = new ArrayList<>();
        Provenance.Form form = options.provenance();
        if (form != null) {
            predicates.add(provenance(image, form, format));
        }
        AttestOptions.Sbom sbom = options.sbom();
        if (sbom != null) {
            predicates.addAll(sboms(image, sbom));
        }
        return predicates;
    }

    /// Makes what takes a while, before there is an output to write.
    public synchronized void prepare() throws IOException, InterruptedException {
        if (options.sbom() != null) {
            for (SolvedImage image : build.images()) {
                List<Predicate> _ = sboms(image, options.sbom());
            }
        }
    }

    private List<Predicate> sboms(SolvedImage image, AttestOptions.Sbom sbom) throws IOException, InterruptedException {
        List<Predicate> lists = sboms.get(image.platform());
        if (lists == null) {
            lists = new SbomScan(sbom, facts, build).of(image);
            sboms.put(image.platform(), lists);
        }
        return lists;
    }

    /// What `--metadata-file` gets to know: the provenance of each image, as `"name": value`.
    ///
    /// @param wanted the value of `BUILDX_METADATA_PROVENANCE`: `min`, `max` or `disabled`; null is `min`
    public synchronized List<String> metadata(@Nullable String wanted) throws IOException, InterruptedException {
        Provenance.Mode mode = switch (wanted) {
            case null -> Provenance.Mode.MIN;
            case "min", "1", "true" -> Provenance.Mode.MIN;
            case "max" -> Provenance.Mode.MAX;
            case "disabled", "0", "false" -> null;
            default ->
                throw new UsageException("BUILDX_METADATA_PROVENANCE=" + wanted + ": expected min, max or disabled");
        };
        List<String> fields = new ArrayList<>();
        if (mode == null) {
            return fields;
        }
        Provenance.Form asked = options.provenance();
        Provenance.Form form = asked == null
                ? new Provenance.Form(mode, Provenance.Version.V1, "", false, false, Provenance.Form.FILE)
                : asked.withMode(mode);
        for (SolvedImage image : build.images()) {
            String platform = build.images().size() == 1 ? "" : "/" + image.platform();
            fields.add("\"buildx.build.provenance" + platform + "\": "
                    + provenance(image, form, null).json());
        }
        return fields;
    }

    private Predicate provenance(SolvedImage image, Provenance.Form form, @Nullable LayerFormat format)
            throws IOException, InterruptedException {
        Instant epoch = facts.epoch();
        return new ProvenanceReader(build, image, facts)
                .read(
                        args(),
                        vcs(),
                        invocationId(),
                        epoch == null ? facts.started() : epoch,
                        finished,
                        form.mode() == Provenance.Mode.MAX ? format : null)
                .in(form);
    }

    private SortedMap<String, String> vcs() throws IOException, InterruptedException {
        SortedMap<String, String> found = vcs;
        if (found == null) {
            found = facts.directory().isEmpty()
                    ? new TreeMap<>()
                    : VersionControl.of(
                            facts.directory().get(), facts.programs().find("git"), facts.environment());
            vcs = found;
        }
        return found;
    }

    // As the frontend of BuildKit gets them.
    private SortedMap<String, String> args() {
        PlanRequest plan = facts.plan();
        SortedMap<String, String> args = new TreeMap<>();
        plan.buildArgs()
                .forEach((name, value) ->
                        args.put("build-arg:" + name, facts.secrets().masked(value)));
        plan.labels()
                .forEach((name, value) ->
                        args.put("label:" + name, facts.secrets().masked(value)));
        plan.contexts().forEach((name, context) -> args.put("context:" + name, told(name, context)));
        String target = plan.target();
        if (target != null) {
            args.put("target", target);
        }
        facts.dockerfile().ifPresent(name -> args.put("filename", RemoteAddress.shown(name)));
        if (plan.noCache()) {
            args.put("no-cache", "");
        } else if (!plan.noCacheStages().isEmpty()) {
            args.put("no-cache", String.join(",", new java.util.TreeSet<>(plan.noCacheStages())));
        }
        RunSettings run = plan.run();
        if (run.network() != Network.DEFAULT) {
            args.put("force-network-mode", run.network().toString());
        }
        return args;
    }

    // Not where a directory lies on the builder.
    private static String told(String name, NamedContext context) {
        return switch (context) {
            case NamedContext.Directory _ -> "local:" + name;
            case NamedContext.OciLayout _ -> "oci-layout:" + name;
            case NamedContext.Image(String reference) -> "docker-image://" + reference;
            case NamedContext.Scratch _ -> "docker-image://scratch";
            case NamedContext.Git(var repository) -> repository.toString();
            case NamedContext.Http(var url) -> url.toString();
        };
    }

    /// One for all platforms: a random one, or one that follows from what was built where every time does.
    private String invocationId() {
        String id = invocationId;
        if (id == null) {
            BigInteger number;
            if (facts.epoch() == null) {
                number = new BigInteger(RANDOM_BITS, new SecureRandom());
            } else {
                StringBuilder built = new StringBuilder();
                for (SolvedImage image : build.images()) {
                    built.append(image.platform())
                            .append(' ')
                            .append(
                                    image.vertex() == null
                                            ? "scratch"
                                            : image.vertex().digest().toString())
                            .append('\n');
                }
                built.append(facts.plan().dockerfile().source().text());
                number = new BigInteger(
                        Digest.of(built.toString().getBytes(StandardCharsets.UTF_8))
                                .hex(),
                        16);
            }
            String text = "0".repeat(ID_LENGTH) + number.toString(RADIX);
            id = text.substring(text.length() - ID_LENGTH);
            invocationId = id;
        }
        return id;
    }
}
