package dev.jbuild.layerstore.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.fake.Fault;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryPullTest {
    static final RegistryOptions QUICK =
            new RegistryOptions("jbuild-test", 4, Duration.ofMillis(2), Duration.ofSeconds(20), 4);

    private final FakeRegistry registry = FakeRegistry.start();
    private final RegistryClient client = new RegistryClient(RegistryConfig.EMPTY, Credentials.none(), QUICK);

    @AfterEach
    void close() {
        client.close();
        registry.close();
    }

    private ImageReference name(String rest) {
        return ImageReference.parse(registry.host() + "/" + rest);
    }

    private Descriptor image(String... layers) {
        return registry.putImage(
                "team/app",
                "1",
                Platform.parse("linux/amd64"),
                ContainerConfig.EMPTY,
                Stream.of(layers).map(layer -> layer.getBytes(UTF_8)).toList());
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void pullsAnImageByTagAndByDigest() throws IOException {
        Descriptor stored = image("one", "two");

        Resolved resolved = client.resolve(name("team/app:1"));
        ImageManifest manifest = OciJson.readManifest(resolved.bytes());

        assertThat(resolved.descriptor())
                .isEqualTo(new Descriptor(MediaType.OCI_MANIFEST, stored.digest(), stored.size()));
        assertThat(resolved.reference()).isEqualTo(name("team/app:1@" + stored.digest()));
        assertThat(client.resolve(name("team/app@" + stored.digest())).descriptor())
                .isEqualTo(resolved.descriptor());
        assertThat(read(manifest.layers().getFirst())).asString(UTF_8).isEqualTo("one");
        assertThat(client.head(name("team/app:1"))).isEqualTo(stored.digest());
        assertThat(registry.count("HEAD", "/manifests/1")).isEqualTo(1);
    }

    @Test
    void findsTheDigestOfATagEvenIfTheRegistryDoesNotTellIt() throws IOException {
        Descriptor stored = image("one");
        registry.hideDigests();

        assertThat(client.head(name("team/app:1"))).isEqualTo(stored.digest());
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> client.resolve(name("team/app:2")))
                .isInstanceOfSatisfying(RegistryException.class, e -> {
                    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
                    assertThat(e.status()).isEqualTo(404);
                    assertThat(e.details())
                            .containsExactly(new RegistryException.Detail("MANIFEST_UNKNOWN", "manifest unknown"));
                })
                .hasMessage("GET http://" + registry.host()
                        + "/v2/team/app/manifests/2: not found (404, MANIFEST_UNKNOWN manifest unknown)");
    }

    @Test
    void refusesAManifestOfAnotherDigest() {
        Descriptor stored = image("one");
        registry.hideDigests();
        registry.spoil("GET", "/manifests/", new Fault.Append(" "));

        assertThatThrownBy(() -> client.resolve(name("team/app@" + stored.digest())))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT));
    }

    @Test
    void refusesAManifestThatIsNotWhatItsHeaderAnnounces() {
        image("one");
        registry.spoil("GET", "/manifests/", new Fault.Append(" "));

        assertThatThrownBy(() -> client.resolve(name("team/app:1"))).hasMessageContaining("as announced");
    }

    @Test
    void refusesAHugeManifest() {
        registry.putManifest("a", "1", MediaType.OCI_INDEX, new byte[OciJson.MAX_MANIFEST + 1]);

        assertThatThrownBy(() -> client.resolve(name("a:1"))).hasMessageContaining("larger than 4194304 bytes");
    }

    static List<Arguments> documents() {
        String index = MediaType.OCI_INDEX;
        return List.of(
                Arguments.of(index, "{\"schemaVersion\":2,\"manifests\":[]}", index),
                Arguments.of("text/plain", "{\"schemaVersion\":2,\"manifests\":[]}", index),
                Arguments.of("application/json", "{\"layers\":[]}", MediaType.OCI_MANIFEST),
                Arguments.of(
                        "text/plain", "{\"mediaType\":\"" + MediaType.DOCKER_INDEX + "\"}", MediaType.DOCKER_INDEX),
                Arguments.of(index + "; charset=utf-8", "{\"manifests\":[]}", index),
                Arguments.of(index, "{\"mediaType\":\"" + MediaType.OCI_MANIFEST + "\"}", "calls itself"),
                Arguments.of("application/json", "{\"mediaType\":\"application/x\"}", "its media type is"),
                Arguments.of("text/html", "<html>", "not JSON"),
                Arguments.of("application/json", "[]", "not JSON"),
                Arguments.of("application/json", "{\"schemaVersion\":1}", "old schema 1 format"),
                Arguments.of(MediaType.DOCKER_SCHEMA_1_SIGNED, "{}", "old schema 1 format"));
    }

    @ParameterizedTest(name = "{0} {1} → {2}")
    @MethodSource("documents")
    void knowsWhatADocumentIs(String header, String document, String outcome) throws IOException {
        registry.putManifest("a", "1", header, document.getBytes(UTF_8));

        if (outcome.startsWith("application/")) {
            assertThat(client.resolve(name("a:1")).descriptor().mediaType()).isEqualTo(outcome);
        } else {
            assertThatThrownBy(() -> client.resolve(name("a:1"))).hasMessageContaining(outcome);
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void triesAgainWhatIsTemporary(int status) throws IOException {
        Descriptor stored = image("one");
        registry.spoil("GET", "/manifests/", new Fault.Status(status), new Fault.Status(status));

        assertThat(client.resolve(name("team/app:1")).descriptor().digest()).isEqualTo(stored.digest());
        assertThat(registry.count("GET", "/manifests/")).isEqualTo(3);
    }

    @Test
    void waitsAsLongAsItIsAskedTo() throws IOException {
        image("one");
        registry.spoil("GET", "/manifests/", new Fault.Status(429, Map.of("Retry-After", "1"), ""));
        long start = System.nanoTime();

        client.resolve(name("team/app:1"));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void doesNotWaitForHours() {
        image("one");
        registry.spoil("GET", "/manifests/", new Fault.Status(429, Map.of("Retry-After", "7200"), ""));

        assertThatThrownBy(() -> client.resolve(name("team/app:1")))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RATE_LIMITED));
    }

    @Test
    void givesUpInTheEnd() {
        image("one");
        Fault.Status down = new Fault.Status(503);
        registry.spoil("GET", "/manifests/", down, down, down, down, down);

        assertThatThrownBy(() -> client.resolve(name("team/app:1")))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessageContaining("unexpected status (503)");
        assertThat(registry.count("GET", "/manifests/")).isEqualTo(4);
    }

    @Test
    void goesOnWhereADownloadBrokeOff() throws IOException {
        byte[] content = random(3_000_000);
        Descriptor blob = registry.putBlob("team/app", MediaType.OCI_LAYER, content);
        registry.spoil(
                "GET",
                "/blobs/",
                new Fault.CutAfter(1_000_000),
                new Fault.Status(503),
                new Fault.TruncateTo(500_000),
                new Fault.IgnoreRange());

        assertThat(read(blob)).isEqualTo(content);
        List<FakeRegistry.Request> requests = registry.requests();
        assertThat(requests).hasSize(4);
        assertThat(requests.getFirst().range()).isNull();
        assertThat(requests.get(1).range())
                .startsWith("bytes=")
                .isEqualTo(requests.get(2).range());
    }

    @Test
    void leavesASilentConnection() throws IOException {
        byte[] content = random(200_000);
        Descriptor blob = registry.putBlob("team/app", MediaType.OCI_LAYER, content);
        registry.spoil("GET", "/blobs/", new Fault.StallAfter(50_000));
        RegistryOptions impatient =
                new RegistryOptions("jbuild-test", 4, Duration.ofMillis(2), Duration.ofMillis(500), 4);

        try (RegistryClient hasty = new RegistryClient(RegistryConfig.EMPTY, Credentials.none(), impatient);
                InputStream in = hasty.openBlob(name("team/app"), blob)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(registry.count("GET", "/blobs/")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aDownloadThatNeverGetsAnywhereFails() {
        Descriptor blob = registry.putBlob("team/app", MediaType.OCI_LAYER, random(1000));
        // More than the tries that the client has: HttpClient by itself may try again on a connection it kept.
        Fault[] cuts = Collections.nCopies(100, new Fault.CutAfter(1)).toArray(Fault[]::new);
        registry.spoil("GET", "/blobs/", cuts);

        assertThatThrownBy(() -> read(blob))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessageContaining("broke off too often");
    }

    @Test
    void neverHandsOutTheEndOfOtherContent() throws IOException {
        byte[] content = random(100_000);
        Descriptor blob = registry.putBlob("team/app", MediaType.OCI_LAYER, content);
        registry.spoil("GET", "/blobs/", new Fault.FlipFirstByte());

        try (InputStream in = client.openBlob(name("team/app"), blob)) {
            assertThatThrownBy(() -> in.readNBytes(content.length))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPT))
                    .hasMessageContaining(blob.digest().toString());
            assertThatThrownBy(in::read).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesMoreThanItWasPromised() {
        Descriptor blob = registry.putBlob("team/app", MediaType.OCI_LAYER, random(1000));
        registry.spoil("GET", "/blobs/", new Fault.Append("x"));

        assertThatThrownBy(() -> read(blob)).hasMessageContaining("is larger than 1000 bytes");
    }

    @Test
    void anEmptyBlobNeedsNoRequest() throws IOException {
        assertThat(read(new Descriptor(MediaType.OCI_LAYER, Digest.of(new byte[0]), 0)))
                .isEmpty();
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void aFailedBlobFreesItsPlace() throws IOException {
        Descriptor missing = new Descriptor(MediaType.OCI_LAYER, Digest.of("no".getBytes(UTF_8)), 2);
        Descriptor blob = registry.putBlob("team/app", MediaType.OCI_LAYER, random(10));

        for (int i = 0; i < 2 * QUICK.blobsPerHost(); i++) {
            assertThatThrownBy(() -> read(missing)).hasMessageContaining("not found");
        }
        assertThat(read(blob)).hasSize(10);
    }

    @Test
    void aRedirectToAnotherHostTakesNoLoginAlong() throws IOException {
        byte[] content = random(1000);
        Descriptor blob = registry.putBlob("team/app", MediaType.OCI_LAYER, content);
        registry.requireBasic("me", "secret");
        try (FakeRegistry storage = FakeRegistry.start();
                RegistryClient known = new RegistryClient(
                        RegistryConfig.EMPTY,
                        Credentials.of(Map.of(registry.host(), new Login.Password("me", "secret"))),
                        QUICK)) {
            storage.putBlob("team/app", MediaType.OCI_LAYER, content);
            registry.redirectBlobsTo("http://" + storage.host());

            try (InputStream in = known.openBlob(name("team/app"), blob)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            assertThat(storage.requests()).hasSize(1);
            assertThat(storage.requests().getFirst().authorization()).isNull();
        }
    }

    @Test
    void doesNotFollowRedirectsForEver() {
        Descriptor blob = registry.putBlob("team/app", MediaType.OCI_LAYER, random(10));
        registry.redirectBlobsTo("http://" + registry.host());

        assertThatThrownBy(() -> read(blob))
                .hasMessageContaining("more than 5 redirects")
                .hasMessageNotContaining("secret");
    }

    @Test
    void saysThatNobodyIsThere() {
        ImageReference name = name("team/app");
        registry.close();

        assertThatThrownBy(() -> client.resolve(name))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessageContaining("no connection to " + registry.host());
        assertThatThrownBy(() -> client.resolve(ImageReference.parse("no-such-host.invalid/app")))
                .hasMessageContaining("there is no host no-such-host.invalid");
    }

    @Test
    void aClosedClientSaysSo() {
        client.close();

        assertThatThrownBy(() -> client.resolve(name("a"))).hasMessageContaining("closed");
    }

    @Test
    void interruptionEndsARequest() {
        registry.putBlob("team/app", MediaType.OCI_LAYER, random(10));
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> client.resolve(name("team/app:1"))).isInstanceOf(InterruptedIOException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private byte[] read(Descriptor blob) throws IOException {
        try (InputStream in = client.openBlob(name("team/app"), blob)) {
            return in.readAllBytes();
        }
    }
}
