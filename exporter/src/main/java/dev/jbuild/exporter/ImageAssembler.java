package dev.jbuild.exporter;

import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.layerstore.archive.EstargzLayer;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.History;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Turns what a build made into the documents of an image. The same results and options give the same bytes.
final class ImageAssembler {
    private final ExportRequest request;
    private final ImageOptions options;
    private final ContentStore content;
    private final boolean attest;
    private final List<Annotation> annotations;
    private final Map<Digest, byte[]> documents = new HashMap<>();
    // Docker's types have a place neither for annotations nor for what is told of an image.
    private boolean oci;

    private ImageAssembler(ExportRequest request, ImageOptions options, ContentStore content, boolean attest) {
        this.attest = attest;
        this.content = content;
        this.request = request;
        this.options = options;
        this.annotations = new ArrayList<>(request.annotations());
        annotations.addAll(options.annotations());
        this.oci = options.ociMediaTypes() || !annotations.isEmpty();
    }

    static AssembledImage assemble(ExportRequest request, ImageOptions options, ContentStore content)
            throws IOException, InterruptedException {
        return new ImageAssembler(request, options, content, true).assemble();
    }

    /// The image alone, without what is told of it.
    static AssembledImage bare(ExportRequest request, ImageOptions options, ContentStore content)
            throws IOException, InterruptedException {
        return new ImageAssembler(request, options, content, false).assemble();
    }

    private AssembledImage assemble() throws IOException, InterruptedException {
        List<List<Predicate>> predicates = new ArrayList<>();
        for (PlatformResult platform : request.platforms()) {
            predicates.add(attest ? predicates(platform) : List.of());
        }
        oci |= !predicates.stream().allMatch(List::isEmpty);
        // What is told of an image lies beside it in an index.
        if (!request.index() && predicates.stream().allMatch(List::isEmpty)) {
            for (Annotation annotation : annotations) {
                switch (annotation.level()) {
                    case MANIFEST, MANIFEST_DESCRIPTOR -> {}
                    case INDEX, INDEX_DESCRIPTOR ->
                        throw ExportException.usage("the annotation \"" + annotation.key()
                                + "\" is for an index, and an image for one platform has none");
                }
            }
            PlatformImage image = assemble(request.platforms().getFirst());
            return new AssembledImage(image.manifest(), List.of(image), documents);
        }
        List<PlatformImage> images = new ArrayList<>();
        for (PlatformResult platform : request.platforms()) {
            images.add(assemble(platform));
        }
        List<PlatformImage> attestations = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            if (!predicates.get(i).isEmpty()) {
                attestations.add(AttestationManifest.of(
                        predicates.get(i),
                        images.get(i).manifest(),
                        request.platforms().get(i).platform(),
                        request.namesFor(options),
                        options.attestations().ociArtifact(),
                        oci,
                        this::document));
            }
        }
        ImageIndex index = new ImageIndex(
                spelled(MediaType.OCI_INDEX),
                Stream.concat(images.stream(), attestations.stream())
                        .map(PlatformImage::manifest)
                        .toList(),
                annotations(Annotation.Level.INDEX, null));
        Descriptor root = document(index.mediaType(), OciJson.write(index))
                .withAnnotations(annotations(Annotation.Level.INDEX_DESCRIPTOR, null));
        return new AssembledImage(root, images, attestations, documents);
    }

    private List<Predicate> predicates(PlatformResult platform) throws IOException, InterruptedException {
        return platform.predicates(options.layerFormat(request.time())).stream()
                .filter(each -> options.attestations().inline() || !each.inlineOnly())
                .toList();
    }

    private PlatformImage assemble(PlatformResult result) throws IOException, InterruptedException {
        List<LayerBlob> blobs = new ArrayList<>();
        for (LayerBlob layer : result.layers(options.layerFormat(request.time()))) {
            blobs.add(LayerConversion.forced(layer, options, content));
        }
        List<Descriptor> layers =
                blobs.stream().map(LayerBlob::descriptor).map(this::layer).toList();
        ImageConfig config = dated(
                result.config().withPlatform(result.platform()),
                options.time(request.time()),
                blobs.stream().map(LayerBlob::diffId).toList());
        Descriptor configDescriptor = document(spelled(MediaType.OCI_CONFIG), OciJson.write(config));
        ImageManifest manifest = new ImageManifest(spelled(MediaType.OCI_MANIFEST), configDescriptor, layers)
                .withAnnotations(annotations(Annotation.Level.MANIFEST, result.platform()));
        Descriptor manifestDescriptor = document(manifest.mediaType(), OciJson.write(manifest))
                .withPlatform(result.platform())
                .withAnnotations(annotations(Annotation.Level.MANIFEST_DESCRIPTOR, result.platform()));
        List<String> places = config.history().stream().map(History::place).toList();
        return new PlatformImage(manifestDescriptor, configDescriptor, layers, places);
    }

    // Of what a layer's own index says, nothing holds for another image but that it is there.
    private Descriptor layer(Descriptor layer) {
        boolean keep = options.layers().preferNondistributable() && MediaType.isNondistributable(layer.mediaType());
        String type = keep ? layer.mediaType() : LayerConversion.distributable(layer.mediaType());
        Map<String, String> annotations = oci ? EstargzLayer.annotations(layer) : Map.of();
        return new Descriptor(
                spelled(type), layer.digest(), layer.size(), null, annotations, keep ? layer.urls() : List.of());
    }

    /// The configuration with its diff IDs and with the time of each thing: what this build did is dated to the
    /// build's time; nothing is newer than what a user set.
    static ImageConfig dated(ImageConfig config, ImageTime time, List<DiffId> diffIds) {
        Instant created = time.created();
        Instant epoch = time.epoch();
        List<History> history = new ArrayList<>();
        long filled =
                config.history().stream().filter(line -> !line.emptyLayer()).count();
        // Some tools write images without a history. Such layers are the base's, so their lines come first.
        for (long missing = diffIds.size() - filled; missing > 0; missing--) {
            history.add(new History(created, "", null, null, false));
        }
        long surplus = Math.max(0, filled - diffIds.size());
        for (History line : config.history()) {
            Instant at = line.created();
            if (at == null || (epoch != null && at.isAfter(epoch))) {
                at = created;
            }
            // More lines than layers: the oldest are the ones to distrust.
            boolean empty = line.emptyLayer();
            if (!empty && surplus > 0) {
                surplus--;
                empty = true;
            }
            history.add(new History(at, line.createdBy(), line.author(), line.comment(), empty, line.place()));
        }
        return config.withCreated(created).withDiffIds(diffIds).withHistory(history);
    }

    private Descriptor document(String mediaType, byte[] content) {
        Digest digest = Digest.of(content);
        documents.put(digest, content);
        return new Descriptor(mediaType, digest, content.length);
    }

    private String spelled(String mediaType) {
        return oci ? MediaType.toOci(mediaType) : MediaType.toDocker(mediaType);
    }

    // Later ones win: an output's own options are more particular than the build's.
    private SequencedMap<String, String> annotations(Annotation.Level level, @Nullable Platform platform) {
        SequencedMap<String, String> wanted = new TreeMap<>();
        annotations.stream()
                .filter(annotation -> annotation.isFor(level, platform))
                .forEach(annotation -> wanted.put(annotation.key(), annotation.value()));
        return wanted;
    }
}
