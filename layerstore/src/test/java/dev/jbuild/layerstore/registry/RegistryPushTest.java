package dev.jbuild.layerstore.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.fake.Fault;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.registry.RegistryClient.BlobSource;
import dev.jbuild.layerstore.registry.RegistryClient.PushOutcome;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryPushTest {
    private final FakeRegistry registry = FakeRegistry.start();
    private final RegistryClient client =
            new RegistryClient(RegistryConfig.EMPTY, Credentials.none(), RegistryPullTest.QUICK);
    private final byte[] content = random();
    private final Descriptor blob = new Descriptor(MediaType.OCI_LAYER, Digest.of(content), content.length);
    private final Set<InputStream> openStreams = ConcurrentHashMap.newKeySet();
    private final BlobSource source = () -> {
        InputStream stream = new ByteArrayInputStream(content) {
            @Override
            public void close() {
                openStreams.remove(this);
            }
        };
        openStreams.add(stream);
        return stream;
    };

    private static byte[] random() {
        byte[] bytes = new byte[2_000_000];
        new Random(3).nextBytes(bytes);
        return bytes;
    }

    @AfterEach
    void close() {
        client.close();
        registry.close();
    }

    private ImageReference name(String rest) {
        return ImageReference.parse(registry.host() + "/" + rest);
    }

    @Test
    void uploadsABlobOnce() throws IOException {
        assertThat(client.pushBlob(name("team/app:1"), blob, source)).isEqualTo(PushOutcome.UPLOADED);
        assertThat(client.pushBlob(name("team/app:2"), blob, source)).isEqualTo(PushOutcome.EXISTED);

        assertThat(registry.blob("team/app", blob.digest())).contains(content);
        assertThat(registry.requests().stream().map(FakeRegistry.Request::method))
                .containsExactly("HEAD", "POST", "PUT");
        assertThat(registry.requests().getLast().query()).isEqualTo("_state=x%2Fy&digest=" + blob.digest());
    }

    @Test
    void uploadsNothingThatIsThere() throws IOException {
        registry.putBlob("team/app", MediaType.OCI_LAYER, content);

        assertThat(client.pushBlob(name("team/app"), blob, source)).isEqualTo(PushOutcome.EXISTED);
        assertThat(registry.requests()).hasSize(1);
    }

    @Test
    void mountsABlobOfAnotherRepository() throws IOException {
        registry.putBlob("base", MediaType.OCI_LAYER, content);

        assertThat(client.pushBlob(name("team/app"), blob, name("base"), source))
                .isEqualTo(PushOutcome.MOUNTED);
        assertThat(registry.blob("team/app", blob.digest())).contains(content);
        assertThat(registry.count("PUT", "")).isZero();
    }

    @Test
    void uploadsWhatCannotBeMounted() throws IOException {
        assertThat(client.pushBlob(name("a"), blob, name("nothing-here"), source))
                .isEqualTo(PushOutcome.UPLOADED);
        registry.spoil("POST", "/v2/b/", new Fault.Status(403));
        assertThat(client.pushBlob(name("b"), blob, name("forbidden"), source)).isEqualTo(PushOutcome.UPLOADED);
        registry.spoil("POST", "/v2/d/", new Fault.Status(400));
        assertThat(client.pushBlob(name("d"), blob, name("whatever-a-mount-is"), source))
                .isEqualTo(PushOutcome.UPLOADED);
        assertThat(client.pushBlob(name("c"), blob, ImageReference.parse("elsewhere.invalid/c"), source))
                .isEqualTo(PushOutcome.UPLOADED);
    }

    @Test
    void startsAgainAfterAFailedUpload() throws IOException {
        registry.spoil(
                "PUT",
                "/blobs/uploads/",
                new Fault.Status(502),
                new Fault.Status(
                        404, Map.of(), "{\"errors\":[{\"code\":\"BLOB_UPLOAD_UNKNOWN\",\"message\":\"gone\"}]}"));

        assertThat(client.pushBlob(name("team/app"), blob, source)).isEqualTo(PushOutcome.UPLOADED);
        assertThat(registry.count("POST", "/blobs/uploads/")).isEqualTo(3);
        assertThat(openStreams).isEmpty();
    }

    @Test
    void tellsWhenTheSourceFails() {
        IOException disk = new IOException("disk on fire");
        BlobSource failing = () -> new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw disk;
            }
        };

        assertThatThrownBy(() -> client.pushBlob(name("team/app"), blob, failing))
                .isSameAs(disk);
        assertThatThrownBy(() -> client.pushBlob(name("team/app"), blob, () -> {
                    throw disk;
                }))
                .isSameAs(disk);
    }

    @Test
    void theRegistryRefusesOtherContent() {
        Descriptor other = new Descriptor(MediaType.OCI_LAYER, Digest.of(new byte[1]), content.length);

        assertThatThrownBy(() -> client.pushBlob(name("team/app"), other, source))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.PROTOCOL))
                .hasMessageContaining("DIGEST_INVALID");
    }

    @Test
    void pushesAManifestByTagOrByDigest() throws IOException {
        byte[] manifest = {'{', '}'};

        Digest digest = client.pushManifest(name("team/app:1"), MediaType.OCI_INDEX, manifest);
        client.pushManifest(name("team/app@" + digest), MediaType.OCI_INDEX, manifest);

        assertThat(digest).isEqualTo(Digest.of(manifest));
        assertThat(registry.manifest("team/app", "1")).contains(manifest);
        assertThat(registry.requests().getLast().path()).endsWith("/manifests/" + digest);
    }

    @Test
    void anEmptyBlobIsABlob() throws IOException {
        Descriptor empty = new Descriptor(MediaType.OCI_LAYER, Digest.of(new byte[0]), 0);

        assertThat(client.pushBlob(name("a"), empty, InputStream::nullInputStream))
                .isEqualTo(PushOutcome.UPLOADED);
        assertThat(registry.blob("a", empty.digest())).isPresent();
    }
}
