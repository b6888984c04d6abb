package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.archive.Decompressor;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.History;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ImageAssemblerTest {
    private static final Instant CLOCK = Instant.parse("2024-02-29T12:00:00Z");
    private static final DiffId LAYER = new DiffId(Digest.of(new byte[0]));

    @TempDir
    private Path root;

    @Test
    void theSameResultGivesTheSameBytes() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            BuiltImage built = BuiltImage.of(store, "linux/amd64", Map.of("hello", "Hello\n"));
            AssembledImage image =
                    ImageAssembler.assemble(BuiltImage.request(List.of(built)), ImageOptions.DEFAULT, store.content());

            assertThat(text(image, image.platforms().getFirst().config()))
                    .isEqualTo("{\"architecture\":\"amd64\",\"config\":{\"Env\":[\"PATH=/bin\"],\"Cmd\":[\"/hello\"]},"
                            + "\"created\":\"1970-01-01T00:00:00Z\",\"history\":["
                            + "{\"created\":\"1970-01-01T00:00:00Z\",\"created_by\":\"COPY hello /\",\"comment\":\"jbuild\"},"
                            + "{\"created\":\"1970-01-01T00:00:00Z\",\"created_by\":\"CMD [\\\"/hello\\\"]\","
                            + "\"comment\":\"jbuild\",\"empty_layer\":true}],\"os\":\"linux\",\"rootfs\":"
                            + "{\"type\":\"layers\",\"diff_ids\":[\""
                            + built.blobs().getFirst().diffId() + "\"]}}");
            assertThat(text(image, image.root()))
                    .startsWith("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",")
                    .contains("\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\"");
            assertThat(image.root().digest())
                    .hasToString("sha256:9b02ef90022f326a4379da289eebec7ffca7dc4c5df2625d90e6585e1cdb2070");
        }
    }

    @Test
    void severalPlatformsMakeAnIndex() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            BuiltImage amd64 = BuiltImage.of(store, "linux/amd64", Map.of("hello", "Hello\n"));
            BuiltImage arm = BuiltImage.of(store, "linux/arm/v7", Map.of("hello", "Hello, arm\n"));
            AssembledImage image = ImageAssembler.assemble(
                    BuiltImage.request(List.of(amd64, arm)), ImageOptions.DEFAULT, store.content());

            assertThat(image.root().mediaType()).isEqualTo("application/vnd.oci.image.index.v1+json");
            assertThat(image.root().platform()).isNull();
            assertThat(image.platforms())
                    .extracting(platform -> String.valueOf(platform.manifest().platform()))
                    .containsExactly("linux/amd64", "linux/arm/v7");
            assertThat(text(image, image.root()))
                    .contains("\"platform\":{\"architecture\":\"arm\",\"os\":\"linux\",\"variant\":\"v7\"}");
            assertThat(image.blobs()).hasSize(7);
        }
    }

    @Test
    void dockersTypesAreUsedThroughoutOrNowhere() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            BuiltImage built = BuiltImage.of(store, "linux/amd64", Map.of("hello", "Hello\n"));
            ImageOptions docker = options(ImageOptions.Layers.DEFAULT, false);
            AssembledImage image = ImageAssembler.assemble(BuiltImage.request(List.of(built)), docker, store.content());

            assertThat(text(image, image.root()))
                    .doesNotContain("vnd.oci")
                    .contains(
                            "\"application/vnd.docker.distribution.manifest.v2+json\"",
                            "\"application/vnd.docker.container.image.v1+json\"",
                            "\"application/vnd.docker.image.rootfs.diff.tar\"");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForcedCompressionIsThatOfEveryLayer(Compression compression) throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            BuiltImage built = BuiltImage.of(store, "linux/amd64", Map.of("hello", "Hello\n"));
            ImageOptions forced =
                    options(new ImageOptions.Layers(compression, Compression.DEFAULT_LEVEL, true, true, false), true);
            AssembledImage image = ImageAssembler.assemble(BuiltImage.request(List.of(built)), forced, store.content());
            Descriptor layer = image.platforms().getFirst().layers().getFirst();

            assertThat(layer.mediaType()).isEqualTo(compression.layerMediaType());
            byte[] tar;
            try (InputStream content = Decompressor.open(store.content().open(layer))) {
                tar = content.readAllBytes();
            }
            assertThat(text(image, image.platforms().getFirst().config()))
                    .contains("\"diff_ids\":[\"" + Digest.of(tar) + "\"]");
            // The table of contents of an eStargz layer is a file in it.
            assertThat(Digest.of(tar).equals(built.blobs().getFirst().diffId().digest()))
                    .isEqualTo(compression != Compression.ESTARGZ);
            assertThat(layer.annotations()).hasSize(compression == Compression.ESTARGZ ? 2 : 0);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip, application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip, application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.docker.image.rootfs.diff.tar.gzip, application/vnd.docker.image.rootfs.diff.tar.gzip"
    })
    void aLayerThatIsHereMayBePushed(String before, String after) {
        assertThat(LayerConversion.distributable(before)).isEqualTo(after);
    }

    @ParameterizedTest(name = "prefer-nondist-layers={0}, force-compression={1}")
    @CsvSource({
        "false, false, application/vnd.oci.image.layer.v1.tar,                  ''",
        "true,  false, application/vnd.oci.image.layer.nondistributable.v1.tar, https://example.com/layer",
        // What is converted is no longer what its publisher has.
        "true,  true,  application/vnd.oci.image.layer.v1.tar+gzip,             ''",
    })
    void aLayerThatItsPublisherKeepsMayStayOne(boolean prefer, boolean force, String mediaType, String urls)
            throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            BuiltImage built = BuiltImage.of(store, "linux/amd64", Map.of("hello", "Hello\n"));
            LayerBlob blob = built.blobs().getFirst();
            Descriptor foreign = new Descriptor(
                    MediaType.OCI_NONDISTRIBUTABLE_LAYER,
                    blob.descriptor().digest(),
                    blob.descriptor().size(),
                    null,
                    Map.of(),
                    List.of("https://example.com/layer"));
            BuiltImage based = new BuiltImage(
                    built.platform(), built.config(), List.of(new LayerBlob(foreign, blob.diffId())), store);
            AssembledImage image = ImageAssembler.assemble(
                    BuiltImage.request(List.of(based)),
                    ExportSpec.parse("type=image,prefer-nondist-layers=" + prefer + ",force-compression=" + force)
                            .imageOptions()
                            .orElseThrow(),
                    store.content());

            Descriptor layer = image.platforms().getFirst().layers().getFirst();
            assertThat(layer.mediaType()).isEqualTo(mediaType);
            assertThat(String.join(" ", layer.urls())).isEqualTo(urls);
        }
    }

    @Test
    void annotationsGoWhereTheyBelong() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            BuiltImage amd64 = BuiltImage.of(store, "linux/amd64", Map.of("hello", "Hello\n"));
            BuiltImage arm64 = BuiltImage.of(store, "linux/arm64", Map.of("hello", "Hello, arm\n"));
            List<Annotation> wanted = List.of(
                    new Annotation(Annotation.Level.MANIFEST, Platform.parse("linux/arm64"), "only", "arm64"),
                    new Annotation(Annotation.Level.MANIFEST, null, "each", "build's"),
                    new Annotation(Annotation.Level.INDEX, null, "index", "yes"),
                    new Annotation(Annotation.Level.MANIFEST_DESCRIPTOR, null, "entry", "yes"),
                    new Annotation(Annotation.Level.INDEX_DESCRIPTOR, null, "root", "yes"));
            ExportRequest request = new ExportRequest(
                    List.of(amd64, arm64), true, List.of(), new ImageTime.Fixed(), Instant.EPOCH, wanted);
            ImageOptions options = options(
                    ImageOptions.Layers.DEFAULT,
                    true,
                    new Annotation(Annotation.Level.MANIFEST, null, "each", "output's"));
            AssembledImage image = ImageAssembler.assemble(request, options, store.content());

            assertThat(text(image, image.platforms().get(0).manifest()))
                    .endsWith("\"annotations\":{\"each\":\"output's\"}}");
            assertThat(text(image, image.platforms().get(1).manifest()))
                    .endsWith("\"annotations\":{\"each\":\"output's\",\"only\":\"arm64\"}}");
            assertThat(text(image, image.root()))
                    .contains("\"entry\":\"yes\"")
                    .endsWith("\"annotations\":{\"index\":\"yes\"}}");
            assertThat(image.root().annotations()).containsExactly(Map.entry("root", "yes"));

            ExportRequest single =
                    new ExportRequest(List.of(amd64), false, List.of(), new ImageTime.Fixed(), Instant.EPOCH, wanted);
            assertThatThrownBy(() -> ImageAssembler.assemble(single, ImageOptions.DEFAULT, store.content()))
                    .isInstanceOf(ExportException.class)
                    .hasMessageContaining("the annotation \"index\" is for an index");
        }
    }

    @Test
    void whatThisBuildDidHasTheTimeOfTheClock() {
        Instant base = Instant.parse("2023-01-01T00:00:00Z");
        Instant later = Instant.parse("2025-01-01T00:00:00Z");
        ImageConfig config = config(line(base, false), line(later, false), line(null, false), line(null, true));

        assertThat(times(ImageAssembler.dated(config, new ImageTime.Epoch(CLOCK), List.of(LAYER, LAYER, LAYER))))
                .containsExactly(base, CLOCK, CLOCK, CLOCK);
        assertThat(times(ImageAssembler.dated(config, new ImageTime.Fixed(), List.of(LAYER, LAYER, LAYER))))
                .containsExactly(base, later, Instant.EPOCH, Instant.EPOCH);
        assertThat(times(ImageAssembler.dated(config, new ImageTime.Now(CLOCK), List.of(LAYER, LAYER, LAYER))))
                .as("what the base says is true")
                .containsExactly(base, later, CLOCK, CLOCK);
        assertThat(ImageAssembler.dated(config, new ImageTime.Epoch(CLOCK), List.of(LAYER, LAYER, LAYER))
                        .created())
                .isEqualTo(CLOCK);
        assertThat(ImageAssembler.dated(config, new ImageTime.Fixed(), List.of(LAYER, LAYER, LAYER))
                        .created())
                .isEqualTo(Instant.EPOCH);
    }

    @Test
    void historyAndLayersAgreeWhateverTheBaseSaid() {
        ImageConfig silent = config(line(null, false));
        assertThat(ImageAssembler.dated(silent, new ImageTime.Fixed(), List.of(LAYER, LAYER, LAYER))
                        .history())
                .extracting(History::emptyLayer)
                .containsExactly(false, false, false);

        ImageConfig talkative = config(line(null, false), line(null, false), line(null, false));
        assertThat(ImageAssembler.dated(talkative, new ImageTime.Fixed(), List.of(LAYER))
                        .history())
                .extracting(History::emptyLayer)
                .containsExactly(true, true, false);
    }

    private static ImageOptions options(ImageOptions.Layers layers, boolean ociMediaTypes, Annotation... annotations) {
        return new ImageOptions(
                List.of(), layers, ociMediaTypes, null, false, ImageOptions.Attestations.DEFAULT, List.of(annotations));
    }

    private static History line(@Nullable Instant created, boolean empty) {
        return new History(created, "RUN something", null, null, empty);
    }

    private static ImageConfig config(History... history) {
        return ImageConfig.empty(Platform.parse("linux/amd64")).withHistory(List.of(history));
    }

    private static List<Instant> times(ImageConfig config) {
        return config.history().stream().map(History::created).toList();
    }

    private static String text(AssembledImage image, Descriptor document) {
        byte[] bytes = image.documents().get(document.digest());
        assertThat(bytes).isNotNull().hasSize((int) document.size());
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
