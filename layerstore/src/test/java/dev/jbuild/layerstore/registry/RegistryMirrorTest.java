package dev.jbuild.layerstore.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.fake.Fault;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.registry.RegistryClient.PushOutcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryMirrorTest {
    private static final byte[] INDEX = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8);

    private final FakeRegistry upstream = FakeRegistry.start();
    private final FakeRegistry mirror = FakeRegistry.start();
    private final RegistryClient client = new RegistryClient(
            RegistryConfig.parse(
                    "[registry.'%s']\nmirrors = ['%s/cache']".formatted(upstream.host(), mirror.host()),
                    "test",
                    Path.of("/")),
            Credentials.none(),
            RegistryPullTest.QUICK);
    private final ImageReference name = ImageReference.parse(upstream.host() + "/app:1");

    @AfterEach
    void close() {
        client.close();
        upstream.close();
        mirror.close();
    }

    @Test
    void asksTheMirrorFirst() throws IOException {
        Descriptor stored = mirror.putManifest("cache/app", "1", MediaType.OCI_INDEX, INDEX);

        assertThat(client.resolve(name).descriptor()).isEqualTo(stored);
        assertThat(client.head(name)).isEqualTo(stored.digest());
        assertThat(upstream.requests()).isEmpty();
        assertThat(mirror.requests().getFirst().query()).isEqualTo("ns=" + upstream.host());
    }

    @Test
    void asksTheRegistryForWhatTheMirrorLacks() throws IOException {
        byte[] content = "layer".getBytes(UTF_8);
        Descriptor blob = upstream.putBlob("app", MediaType.OCI_LAYER, content);

        try (InputStream in = client.openBlob(name, blob)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(mirror.requests()).hasSize(1);
    }

    @Test
    void asksTheRegistryIfTheMirrorIsIll() throws IOException {
        Descriptor stored = upstream.putManifest("app", "1", MediaType.OCI_INDEX, INDEX);
        mirror.spoil("GET", "/manifests/", new Fault.Status(503), new Fault.Status(503));

        assertThat(client.resolve(name).descriptor()).isEqualTo(stored);
        mirror.close();
        assertThat(client.resolve(name).descriptor()).isEqualTo(stored);
    }

    @Test
    void aMirrorThatServesAWrongDigestIsNotAskedAgain() throws IOException {
        Descriptor stored = upstream.putManifest("app", "1", MediaType.OCI_INDEX, INDEX);
        mirror.putManifest("cache/app", "1", MediaType.OCI_INDEX, INDEX);
        byte[] content = "layer".getBytes(UTF_8);
        Descriptor blob = upstream.putBlob("app", MediaType.OCI_LAYER, content);
        mirror.putBlob("cache/app", MediaType.OCI_LAYER, content);
        mirror.spoil("GET", "/manifests/", new Fault.FlipFirstByte());

        assertThat(client.resolve(name).descriptor()).isEqualTo(stored);
        try (InputStream in = client.openBlob(name, blob)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(mirror.requests()).hasSize(1);
        assertThat(upstream.requests()).hasSize(2);
    }

    @Test
    void goesOnWithTheRegistryWhenTheMirrorBreaksOff() throws IOException {
        byte[] content = new byte[2_000_000];
        Descriptor blob = upstream.putBlob("app", MediaType.OCI_LAYER, content);
        mirror.putBlob("cache/app", MediaType.OCI_LAYER, content);
        mirror.spoil("GET", "/blobs/", new Fault.CutAfter(1_000_000), new Fault.Status(404));

        try (InputStream in = client.openBlob(name, blob)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        assertThat(upstream.requests().getFirst().range()).startsWith("bytes=");
    }

    @Test
    void theErrorIsTheRegistrysOwn() {
        assertThatThrownBy(() -> client.resolve(name))
                .hasMessageStartingWith("GET http://" + upstream.host() + "/v2/app/manifests/1: not found")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void pushesGoToTheRegistry() throws IOException {
        byte[] content = {1};
        Descriptor blob = new Descriptor(MediaType.OCI_LAYER, Digest.of(content), 1);

        assertThat(client.pushBlob(name, blob, () -> new ByteArrayInputStream(content)))
                .isEqualTo(PushOutcome.UPLOADED);
        assertThat(mirror.requests()).isEmpty();
    }
}
