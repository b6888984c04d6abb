package dev.jbuild.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Cli;
import dev.jbuild.cli.StoreFixture;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadCommandTest {
    private static final byte[] LAYER = StoreFixture.tar("file", 100);
    private static final byte[] CONFIG =
            ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\"," + "\"diff_ids\":[\""
                            + Digest.of(LAYER) + "\"]}}")
                    .getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private Cli jbuild;
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    /// The layer of [#layout].
    private byte[] layer = LAYER;

    @BeforeEach
    void store() {
        jbuild = new Cli(directory.resolve("store"));
    }

    private Cli.Result load(byte[] archive, String... options) {
        String[] args = new String[options.length + 1];
        args[0] = "load";
        System.arraycopy(options, 0, args, 1, options.length);
        return jbuild.run(new FakeIo().in(new ByteArrayInputStream(archive)), args);
    }

    /// A tar of the files.
    private byte[] tar() {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        files.forEach((name, content) -> {
            byte[] one = StoreFixture.tar(name, content.length);
            System.arraycopy(content, 0, one, 512, content.length);
            tar.write(one, 0, one.length - 1024);
        });
        tar.writeBytes(new byte[1024]);
        return tar.toByteArray();
    }

    private void put(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private void dockerArchive() {
        files.put("layer.tar", LAYER);
        files.put("config.json", CONFIG);
        put(
                "manifest.json",
                "[{\"Config\":\"config.json\",\"RepoTags\":[\"app:1\",\"app:2\"],\"Layers\":[\"layer.tar\"]}]");
    }

    private static String blob(byte[] content) {
        return "blobs/sha256/" + Digest.of(content).hex();
    }

    private void layout(String mediaType, String annotations) {
        byte[] manifest =
                ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"config\":"
                                + descriptor("application/vnd.oci.image.config.v1+json", CONFIG, "") + ",\"layers\":["
                                + descriptor("application/vnd.oci.image.layer.v1.tar", layer, "") + "]}")
                        .getBytes(StandardCharsets.UTF_8);
        files.put(blob(layer), layer);
        files.put(blob(CONFIG), CONFIG);
        files.put(blob(manifest), manifest);
        put("index.json", "{\"schemaVersion\":2,\"manifests\":[" + descriptor(mediaType, manifest, annotations) + "]}");
    }

    private static String descriptor(String type, byte[] content, String more) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + Digest.of(content) + "\",\"size\":" + content.length
                + more + "}";
    }

    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    @Test
    void takesEveryNameOfADockerArchive() {
        dockerArchive();
        Cli.Result result = load(tar());
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).isEqualTo("Loaded image: app:1\nLoaded image: app:2\n");
        assertThat(jbuild.run("images", "-q", "--no-trunc").out()).isEqualTo(Digest.of(CONFIG) + "\n");
    }

    @Test
    void filesMayComeInAnyOrderAndCompressed() throws IOException {
        put("manifest.json", "[{\"Config\":\"config.json\",\"RepoTags\":null,\"Layers\":[\"layer.tar.gz\"]}]");
        files.put("config.json", CONFIG);
        ByteArrayOutputStream layer = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(layer)) {
            gzip.write(LAYER);
        }
        files.put("layer.tar.gz", layer.toByteArray());
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(archive)) {
            gzip.write(tar());
        }
        assertThat(load(archive.toByteArray()).out()).isEqualTo("Loaded image ID: " + Digest.of(CONFIG) + "\n");
    }

    @Test
    void aLayoutKeepsItsDigests() throws IOException {
        layout(MANIFEST, ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"team/app:3\"}");
        assertThat(load(tar()).out()).isEqualTo("Loaded image: team/app:3\n");
        String digest = jbuild.run("images", "--format={{.Digest}}").out().strip();
        assertThat(files).containsKey("blobs/sha256/" + digest.substring("sha256:".length()));

        Path layout = directory.resolve("layout");
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = layout.resolve(file.getKey());
            Files.createDirectories(path.resolveSibling("."));
            Files.write(path, file.getValue());
        }
        assertThat(jbuild.run("load", "-i", layout.toString(), "-t", "other").out())
                .isEqualTo("Loaded image: other:latest\n");
    }

    @Test
    void aTagAloneIsNoName() {
        layout(MANIFEST, ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}");
        assertThat(load(tar()).out()).startsWith("Loaded image ID: sha256:");
        assertThat(load(tar(), "--quiet", "--tag=app").out()).isEqualTo(Digest.of(CONFIG) + "\n");
    }

    private void refused(String why) throws InterruptedException {
        Cli.Result result = load(tar());
        assertThat(result.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(result.err()).contains(why);
        assertThat(result.out()).isEmpty();
        try (LayerStore store = LayerStore.open(jbuild.root())) {
            assertThat(store.images().list()).isEmpty();
            assertThat(store.content().list()).as("blobs in the store").isEmpty();
            assertThat(jbuild.root().resolve("tmp")).isEmptyDirectory();
        }
    }

    @Test
    void refusesABlobThatHasAnotherDigest() throws InterruptedException {
        layout(MANIFEST, "");
        files.put(blob(LAYER), StoreFixture.tar("other", 100));
        refused("file " + blob(LAYER) + " has the digest sha256:");
    }

    @Test
    void refusesALayerThatItsConfigurationDoesNotKnow() throws InterruptedException {
        dockerArchive();
        files.put("layer.tar", StoreFixture.tar("other", 100));
        refused("layer layer.tar has the diff ID sha256:");
    }

    /// All digests are right, and yet what is unpacked would not be what the configuration promises.
    @Test
    void refusesALayoutWhoseLayerIsNotThatOfItsConfiguration() throws InterruptedException {
        layer = StoreFixture.tar("other", 100);
        layout(MANIFEST, "");
        refused("layer " + Digest.of(layer) + " has the diff ID " + Digest.of(layer) + ", its image configuration says "
                + Digest.of(LAYER));
    }

    @Test
    void keepsNothingButImages() throws InterruptedException {
        dockerArchive();
        put("VERSION", "1.0");
        put("repositories", "{}");
        assertThat(load(tar()).code()).isEqualTo(ExitCode.OK);
        try (LayerStore store = LayerStore.open(jbuild.root())) {
            assertThat(store.content().list()).hasSize(3).contains(Digest.of(LAYER), Digest.of(CONFIG));
        }
    }

    @Test
    void refusesWhatIsIncomplete() throws InterruptedException {
        layout(MANIFEST, "");
        files.remove(blob(LAYER));
        refused("blob " + Digest.of(LAYER) + ", which manifest");
    }

    @Test
    void refusesAWrongSize() throws InterruptedException {
        layout(MANIFEST, "");
        String index = new String(files.getOrDefault("index.json", new byte[0]), StandardCharsets.UTF_8);
        put("index.json", index.replaceAll("\"size\":\\d+", "\"size\":7"));
        refused("bytes, not 7 as it says");
    }

    @Test
    void refusesAPathThatLeadsOut() throws InterruptedException {
        dockerArchive();
        put("../../etc/passwd", "root");
        refused("leads out of the directory");
    }

    @Test
    void aManifestThatNamesAPathOutsideFindsNothing() throws InterruptedException {
        files.put("config.json", CONFIG);
        put("manifest.json", "[{\"Config\":\"../../../../etc/hostname\",\"RepoTags\":[\"a\"],\"Layers\":[]}]");
        Cli.Result result = load(tar());
        assertThat(result.code()).isNotEqualTo(ExitCode.OK);
        assertThat(result.err()).contains("lacks the file ../../../../etc/hostname");
    }

    @Test
    void refusesAFileThatIsThereTwice() throws InterruptedException {
        dockerArchive();
        put("./config.json", "{}");
        refused("file config.json is in the archive twice");
    }

    @Test
    void refusesANameThatIsNone() throws InterruptedException {
        dockerArchive();
        put("manifest.json", "[{\"Config\":\"config.json\",\"RepoTags\":[\"APP\"],\"Layers\":[\"layer.tar\"]}]");
        refused("invalid image name \"APP\"");
    }

    @Test
    void refusesTooManyEntries() throws InterruptedException {
        byte[] one = StoreFixture.tar("x", 0);
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        for (int i = 0; i <= 50_000; i++) {
            System.arraycopy(StoreFixture.tar("d" + i + "/", 0), 0, one, 0, 512);
            archive.write(one, 0, 512);
        }
        assertThat(load(archive.toByteArray()).err()).contains("it has more than 50000 entries");
    }

    @Test
    void refusesWhatHoldsNoImages() throws InterruptedException {
        put("etc/hostname", "machine");
        refused("there is neither index.json nor manifest.json in it");
        assertThat(load("no tar at all, but some text".repeat(50).getBytes(StandardCharsets.UTF_8))
                        .err())
                .contains("not an archive of images");
    }

    @Test
    void saysThatStandardInputIsATerminal() {
        Cli.Result result = jbuild.run(new FakeIo().terminal(80, 24), "load");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("no archive: give one with -i FILE");
    }
}
