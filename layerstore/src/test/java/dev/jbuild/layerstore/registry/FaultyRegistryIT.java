package dev.jbuild.layerstore.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.StoreLocks;
import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.fake.FaultProxy;
import dev.jbuild.layerstore.fake.FaultProxy.Trouble;
import dev.jbuild.layerstore.fake.TestKey;
import dev.jbuild.layerstore.fake.TokenServer;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.registry.RegistryClient.PushOutcome;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Pull and push when everything goes wrong between us and Debian's `docker-registry`. Whatever happens,
/// the store has nothing whose digest is not its name.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultyRegistryIT {
    private static final int CHUNK = 1 << 20;
    private static final RegistryOptions HASTY =
            new RegistryOptions("jbuild-test", 4, Duration.ofMillis(2), Duration.ofMillis(700), 4).withChunk(CHUNK);
    private static final Trouble BUSY = new Trouble.Refuse(503, Map.of());
    private static final Trouble LATER = new Trouble.Refuse(429, Map.of("Retry-After", "1"));

    private byte[] content = new byte[0];
    private Descriptor blob = new Descriptor(MediaType.OCI_LAYER, Digest.of(content), 0);
    private DockerRegistry registry;
    private FaultProxy proxy;
    private ContentStore store;
    private Path folder = Path.of("");
    private int pushes;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        registry = DockerRegistry.start(temporary, "");
        proxy = FaultProxy.before(registry.port());
        // Longer than three pieces, and no whole number of them.
        content = new byte[3 * CHUNK + 12_345];
        new Random(5).nextBytes(content);
        blob = new Descriptor(MediaType.OCI_LAYER, Digest.of(content), content.length);
        try (RegistryClient client = new RegistryClient(RegistryConfig.EMPTY, Credentials.none())) {
            ImageReference name = ImageReference.parse(registry.host() + "/base:1");
            client.pushBlob(name, blob, () -> new ByteArrayInputStream(content));
            client.pushManifest(name, MediaType.OCI_INDEX, "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8));
        }
    }

    @BeforeEach
    void fresh(@TempDir Path temporary) throws IOException {
        StoreLocks locks = StoreLocks.open(temporary.resolve("lock"));
        store = new ContentStore(
                Files.createDirectories(temporary.resolve("blobs")),
                new TempArea(Files.createDirectories(temporary.resolve("tmp")), locks));
        proxy.reset();
    }

    @AfterAll
    void stop() throws IOException {
        proxy.close();
        registry.close();
    }

    private RegistryClient client() {
        return new RegistryClient(RegistryConfig.EMPTY, Credentials.none(), HASTY);
    }

    private ImageReference name(String repository) {
        return ImageReference.parse(proxy.host() + "/" + repository + ":1");
    }

    private void pull() throws IOException {
        try (RegistryClient client = client();
                InputStream in = client.openBlob(name("base"), blob);
                BlobWriter writer = store.newBlob()) {
            in.transferTo(writer.out());
            writer.commit(blob.digest());
        }
    }

    private void push(String repository) throws IOException {
        try (RegistryClient client = client()) {
            assertThat(client.pushBlob(name(repository), blob, () -> new ByteArrayInputStream(content)))
                    .isEqualTo(RegistryClient.PushOutcome.UPLOADED);
        }
    }

    // Nothing in the store, and nothing in the registry's, has another digest than its name says.
    private void nothingIsCorrupt() throws IOException {
        for (Digest digest : store.list().toList()) {
            assertThat(Digest.of(Files.readAllBytes(store.path(digest)))).isEqualTo(digest);
        }
        try (Stream<Path> files = Files.walk(folder.resolve("storage/docker/registry/v2/blobs"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(file.toString())
                        .contains("/" + Digest.of(Files.readAllBytes(file)).hex() + "/");
            }
        }
    }

    static List<Arguments> curable() {
        return List.of(
                Arguments.of("429 with Retry-After", List.of(LATER)),
                Arguments.of("a burst of 503", List.of(BUSY, BUSY, BUSY)),
                Arguments.of("a reset at once", List.of(new Trouble.ResetAnswer(0))),
                Arguments.of(
                        "resets on the way", List.of(new Trouble.ResetAnswer(1_500_000), new Trouble.ResetAnswer(700))),
                Arguments.of("truncation", List.of(new Trouble.Truncate(2_000_000))),
                Arguments.of("a header byte by byte", List.of(new Trouble.TrickleHeader())),
                Arguments.of("a body byte by byte", List.of(new Trouble.TrickleAnswer(1_000_000))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("curable")
    void pulls(String what, List<Trouble> troubles) throws IOException {
        proxy.plan("GET", "/blobs/", troubles.toArray(Trouble[]::new));

        pull();

        assertThat(proxy.planned()).isZero();
        assertThat(store.contains(blob.digest())).isTrue();
        nothingIsCorrupt();
    }

    @Test
    void goesOnWhereADownloadBrokeOff() throws IOException {
        proxy.plan("GET", "/blobs/", new Trouble.ResetAnswer(1_500_000));

        pull();

        assertThat(proxy.requests()).hasSize(2);
        assertThat(proxy.requests().getLast()).matches("GET \\S+ bytes=[1-9][0-9]{4,6}-");
    }

    @Test
    void aWrongByteIsAnErrorAndKeptOut() throws IOException {
        proxy.plan("GET", "/blobs/", new Trouble.FlipAnswer());

        assertThatThrownBy(this::pull)
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));

        assertThat(store.list()).isEmpty();
        nothingIsCorrupt();
    }

    @Test
    void givesUpWhenItNeverEnds() throws IOException {
        proxy.plan("GET", "/blobs/", BUSY, BUSY, BUSY, BUSY);
        assertThatThrownBy(this::pull).hasMessageContaining("unexpected status (503)");
        proxy.plan("GET", "/blobs/", new Trouble.Refuse(429, Map.of("Retry-After", "3600")));
        assertThatThrownBy(this::pull).hasMessageContaining("too many requests (429); it asks to come back in 3600 s");
        Trouble slow = new Trouble.TrickleAnswer(10);
        proxy.plan("GET", "/blobs/", slow, slow, slow, slow);
        assertThatThrownBy(this::pull).hasMessageContaining("broke off too often");

        assertThat(store.list()).isEmpty();
        nothingIsCorrupt();
    }

    static List<Arguments> curablePushes() {
        return List.of(
                Arguments.of("429 with Retry-After", "POST", List.of(LATER)),
                Arguments.of("a burst of 503 at the beginning", "POST", List.of(BUSY, BUSY, BUSY)),
                Arguments.of("a burst of 503 on the way", "PATCH", List.of(BUSY, BUSY, BUSY)),
                Arguments.of("503 at the end", "PUT", List.of(BUSY)),
                Arguments.of("a reset on the way", "PATCH", List.of(new Trouble.ResetRequest(600_000))),
                Arguments.of("an answer that is lost", "PATCH", List.of(new Trouble.ResetAnswer(0))),
                Arguments.of("a server that does not read", "PATCH", List.of(new Trouble.StallRequest(100_000))),
                Arguments.of("a header byte by byte", "PATCH", List.of(new Trouble.TrickleHeader())),
                Arguments.of("no pieces", "PATCH", List.of(new Trouble.Refuse(405, Map.of()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("curablePushes")
    void pushes(String what, String method, List<Trouble> troubles) throws IOException {
        proxy.plan(method, "/blobs/uploads/", troubles.toArray(Trouble[]::new));
        String repository = "pushed" + ++pushes;

        push(repository);

        assertThat(proxy.planned()).isZero();
        try (RegistryClient client = client();
                InputStream in = client.openBlob(name(repository), blob)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        nothingIsCorrupt();
    }

    @Test
    void sendsNoPieceTwiceThatArrived() throws IOException {
        // The second piece is refused before the registry gets any of it.
        proxy.plan("PATCH", "/blobs/uploads/", new Trouble.Truncate(1 << 20), BUSY);

        push("resumed");

        assertThat(proxy.requests().stream()
                        .filter(line -> line.startsWith("PATCH"))
                        .map(line -> line.split(" ", 3)[2]))
                .containsExactly(
                        "0-1048575", "1048576-2097151", "1048576-2097151", "2097152-3145727", "3145728-3158072");
    }

    @Test
    void aTokenThatEndsInTheMiddleOfAnUploadIsRenewed(@TempDir Path temporary) throws IOException {
        TestKey key = TestKey.make(temporary);
        try (TokenServer tokens = TokenServer.start(key.key(), key.certificate(), "me:secret", "refresh-me", 300);
                DockerRegistry guarded = DockerRegistry.start(
                        temporary, tokens.settings(key.certificateFile().toString()));
                FaultProxy between = FaultProxy.before(guarded.port());
                RegistryClient client = new RegistryClient(
                        RegistryConfig.EMPTY,
                        Credentials.of(Map.of(between.host(), new Login.Password("me", "secret"))),
                        HASTY)) {
            between.plan("PATCH", "/blobs/uploads/", new Trouble.None(), new Trouble.DropLogin());
            ImageReference name = ImageReference.parse(between.host() + "/app:1");

            assertThat(client.pushBlob(name, blob, () -> new ByteArrayInputStream(content)))
                    .isEqualTo(PushOutcome.UPLOADED);

            assertThat(between.requests().stream()
                            .filter(line -> line.startsWith("PATCH"))
                            .map(line -> line.split(" ", 3)[2]))
                    .containsExactly(
                            "0-1048575", "1048576-2097151", "1048576-2097151", "2097152-3145727", "3145728-3158072");
            // The first request, whether the registry has started, is somebody else's.
            assertThat(tokens.asked())
                    .containsExactly(
                            "GET anyone [repository:started:pull]",
                            "GET known [repository:app:pull,push]",
                            "GET known [repository:app:pull,push]");
            try (InputStream in = client.openBlob(name, blob)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
        }
    }

    static List<Arguments> mirrorTroubles() {
        Trouble broken = new Trouble.ResetAnswer(1_500_000);
        return List.of(
                Arguments.of("is busy", List.of(BUSY, BUSY)),
                Arguments.of("does not know us", List.of(new Trouble.Refuse(401, Map.of()))),
                Arguments.of("breaks off and is gone", List.of(broken, BUSY, BUSY)),
                Arguments.of("ends too soon", List.of(new Trouble.Truncate(2_000_000), BUSY, BUSY)),
                Arguments.of("has another blob", List.of(new Trouble.FlipAnswer())));
    }

    @ParameterizedTest(name = "the mirror {0}")
    @MethodSource("mirrorTroubles")
    void aBadMirrorIsMadeUpForByTheRegistry(String what, List<Trouble> troubles) throws IOException {
        proxy.plan("GET", "/blobs/", troubles.toArray(Trouble[]::new));
        try (FaultProxy origin = FaultProxy.before(registry.port());
                RegistryClient client = new RegistryClient(
                        RegistryConfig.parse(
                                "[registry.'" + origin.host() + "']\nmirrors = ['" + proxy.host() + "']",
                                "test",
                                folder),
                        Credentials.none(),
                        HASTY)) {
            client.readBlob(ImageReference.parse(origin.host() + "/base:1"), blob, this::keep);

            assertThat(proxy.planned()).isZero();
            assertThat(origin.requests()).hasSize(1);
            assertThat(store.contains(blob.digest())).isTrue();
            nothingIsCorrupt();
        }
    }

    private void keep(InputStream in) throws IOException {
        try (BlobWriter writer = store.newBlob()) {
            in.transferTo(writer.out());
            writer.commit(blob.digest());
        }
    }

    @Test
    void aRegistryRefusesWrongBytes() throws IOException {
        proxy.plan("PATCH", "/blobs/uploads/", new Trouble.FlipRequest());

        assertThatThrownBy(() -> push("spoilt")).hasMessageContaining("DIGEST_INVALID");

        nothingIsCorrupt();
    }
}
