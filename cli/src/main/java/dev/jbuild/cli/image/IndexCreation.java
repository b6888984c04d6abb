package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Offline;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Registries;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Json;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.cli.template.Struct;
import dev.jbuild.cli.template.Values;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.registry.RegistryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// `jbuild imagetools create`: an index of images that are in registries.
final class IndexCreation {
    private static final String REFERENCE_DIGEST = "vnd.docker.reference.digest";

    private final Options.Parsed options;
    private final Io io;
    private final RegistryClient client;
    private final List<ImageReference> tags;

    private IndexCreation(Options.Parsed options, Io io, RegistryClient client, List<ImageReference> tags) {
        this.options = options;
        this.io = io;
        this.client = client;
        this.tags = tags;
    }

    static Options options() {
        return Registries.declare(new Options(
                                "imagetools create",
                                "[OPTIONS] SOURCE...",
                                "Makes an index of images that are in registries, and gives it names there. What is not"
                                        + " in the repositories of the names is copied to them.",
                                "A single index is copied as it is, unless it is changed.")
                        .values("NAME[:TAG]", "A name for the index; may be given several times.", "-t", "--tag")
                        .flag("Add to the index that the first name stands for.", "--append")
                        .values(
                                "FILE",
                                "A source: a file with a descriptor, or the metadata file of a build.",
                                "-f",
                                "--file")
                        .values(
                                "[LEVEL:]KEY=VALUE",
                                "Annotate the index, or with LEVEL manifest-descriptor[PLATFORM] what is in it.",
                                "--annotation")
                        .values("PLATFORM", "Take only this platform; may be given several times.", "-p", "--platform")
                        .optional(
                                "true|false",
                                "true",
                                "Whether a single image becomes an index (the default) or is copied as it is.",
                                "--prefer-index")
                        .flag("Print the index instead of pushing it.", "--dry-run")
                        .value("FILE", "Write what was made to this file, as JSON.", "--metadata-file"))
                .operands("SOURCE", 0, Options.ANY_NUMBER, "Name of an image or an index.");
    }

    static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        List<ImageReference> tags =
                options.values("--tag").stream().map(IndexCreation::tag).toList();
        boolean dry = options.has("--dry-run");
        if (tags.isEmpty() && !dry) {
            throw new UsageException("nothing to name: give -t NAME, or --dry-run to see the index");
        }
        if (options.operands().isEmpty() && options.values("--file").isEmpty()) {
            throw new UsageException("nothing to make an index of: give the names of images, or -f FILE");
        }
        if (options.has("--append") && tags.isEmpty()) {
            throw new UsageException("--append adds to what the first -t names; give one");
        }
        if (!options.values("--file").isEmpty()
                && tags.isEmpty()
                && options.operands().isEmpty()) {
            throw new UsageException("a descriptor does not say its repository; give it with -t");
        }
        IndexAnnotations annotations = new IndexAnnotations(options.values("--annotation"));
        List<Platform> platforms = options.values("--platform").stream()
                .flatMap(words -> List.of(words.split(",", -1)).stream())
                .map(LocalImage::parsePlatform)
                .toList();
        try (Registries registries = Registries.of(options, io, Offline.inEnvironment(io))) {
            new IndexCreation(options, io, registries.get(), tags).create(annotations, platforms);
        }
        return ExitCode.OK;
    }

    private static ImageReference tag(String text) {
        ImageReference reference = LocalImages.parse(text);
        if (reference.digest() != null) {
            throw new UsageException("-t " + text + ": a new name cannot end with a digest");
        }
        return reference;
    }

    private void create(IndexAnnotations annotations, List<Platform> platforms)
            throws IOException, InterruptedException {
        List<IndexSource> sources = sources();
        IndexSource first = sources.getFirst();
        boolean prefersIndex = !options.value("--prefer-index").orElse("true").equals("false");
        boolean asItIs = sources.size() == 1
                && annotations.isEmpty()
                && platforms.isEmpty()
                && (MediaType.isIndex(first.descriptor().mediaType()) || !prefersIndex);
        if (asItIs) {
            Descriptor root = new Descriptor(
                    first.descriptor().mediaType(),
                    first.descriptor().digest(),
                    first.descriptor().size());
            finish(List.of(first), root, first.documents().read(first.descriptor()));
            return;
        }
        List<IndexSource> manifests = chosen(sources, platforms);
        List<Descriptor> descriptors = manifests.stream()
                .map(manifest -> annotations.annotated(manifest.descriptor()))
                .toList();
        Map<String, String> before = sources.size() == 1 || options.has("--append") ? first.annotations() : Map.of();
        boolean docker = annotations.isEmpty()
                && before.isEmpty()
                && descriptors.stream().allMatch(each -> each.mediaType().equals(MediaType.DOCKER_MANIFEST));
        String type = docker ? MediaType.DOCKER_INDEX : MediaType.OCI_INDEX;
        byte[] index = OciJson.write(new ImageIndex(type, descriptors, annotations.ofIndex(before)));
        finish(manifests, new Descriptor(type, Digest.of(index), index.length), index);
    }

    private List<IndexSource> sources() throws IOException {
        List<IndexSource> sources = new ArrayList<>();
        if (options.has("--append")) {
            sources.add(IndexSource.named(tags.getFirst().toString(), client));
        }
        for (String operand : options.operands()) {
            sources.add(IndexSource.named(operand, client));
        }
        for (String file : options.values("--file")) {
            ImageReference repository =
                    tags.isEmpty() ? LocalImages.parse(options.operands().getFirst()) : tags.getFirst();
            sources.add(IndexSource.described(io.directory().resolve(file), repository, client));
        }
        return sources;
    }

    /// The manifests of all sources, each once. An attestation goes with its image.
    private static List<IndexSource> chosen(List<IndexSource> sources, List<Platform> platforms) throws IOException {
        Map<Digest, IndexSource> all = new LinkedHashMap<>();
        for (IndexSource source : sources) {
            for (IndexSource manifest : source.manifests()) {
                all.putIfAbsent(manifest.descriptor().digest(), manifest);
            }
        }
        if (platforms.isEmpty()) {
            return List.copyOf(all.values());
        }
        List<String> taken = all.values().stream()
                .map(IndexSource::descriptor)
                .filter(each -> each.platform() != null && platforms.contains(each.platform()))
                .map(each -> each.digest().toString())
                .toList();
        for (Platform platform : platforms) {
            if (all.values().stream()
                    .noneMatch(each -> platform.equals(each.descriptor().platform()))) {
                throw new UsageException("--platform " + platform + ": no source is for it; there are "
                        + all.values().stream()
                                .map(each -> String.valueOf(each.descriptor().platform()))
                                .distinct()
                                .collect(Collectors.joining(", ")));
            }
        }
        return all.values().stream()
                .filter(each -> taken.contains(each.descriptor().digest().toString())
                        || taken.contains(each.descriptor().annotations().getOrDefault(REFERENCE_DIGEST, "")))
                .toList();
    }

    private void finish(List<IndexSource> contents, Descriptor root, byte[] document)
            throws IOException, InterruptedException {
        if (options.has("--dry-run")) {
            io.out().print(Json.pretty(out -> Values.write(Values.read(document), out)));
            return;
        }
        RegistryCopy copy = new RegistryCopy(client);
        for (ImageReference tag : tags) {
            for (IndexSource source : contents) {
                copy.copy(source.documents(), source.descriptor(), tag);
            }
        }
        // Names last, so that none ever stands for something that is not there.
        for (ImageReference tag : tags) {
            client.pushManifest(tag, root.mediaType(), document);
            io.out().print("pushing " + root.digest() + " to " + tag + "\n");
        }
        Optional<String> file = options.value("--metadata-file");
        if (file.isPresent()) {
            Struct metadata = Struct.builder()
                    .with("containerimage.descriptor", ImageDetails.descriptor(root))
                    .with("containerimage.digest", root.digest().toString())
                    .with(
                            "image.name",
                            tags.stream().map(ImageReference::toString).collect(Collectors.joining(",")))
                    .build();
            Files.writeString(io.directory().resolve(file.get()), Json.pretty(out -> Values.write(metadata, out)));
        }
    }
}
