package dev.jbuild.layerstore.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.fake.TestKey;
import dev.jbuild.layerstore.fake.TokenServer;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.registry.RegistryClient.PushOutcome;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The client against a registry that other people wrote: Debian's `docker-registry`.
class DockerRegistryIT {
    @TempDir
    private Path folder;

    private static RegistryClient client(RegistryConfig config, Credentials credentials) {
        return new RegistryClient(config, credentials);
    }

    private static void push(RegistryClient client, ImageReference name, Descriptor blob, byte[] content)
            throws IOException {
        client.pushBlob(name, blob, () -> new ByteArrayInputStream(content));
    }

    @Test
    void pushesAndPullsAnImageOfTwoPlatforms() throws IOException {
        byte[] layer = new byte[20_000_000];
        new Random(1).nextBytes(layer);
        Descriptor layerBlob = new Descriptor(MediaType.OCI_LAYER, Digest.of(layer), layer.length);
        try (DockerRegistry registry = DockerRegistry.start(folder, "");
                RegistryClient client = client(RegistryConfig.EMPTY, Credentials.none())) {
            ImageReference name = ImageReference.parse(registry.host() + "/team/app:1");
            List<Descriptor> manifests = new ArrayList<>();
            for (String platform : List.of("linux/amd64", "linux/arm64")) {
                ImageConfig image = ImageConfig.empty(Platform.parse(platform))
                        .withDiffIds(List.of(new DiffId(layerBlob.digest())));
                byte[] config = OciJson.write(image);
                Descriptor configBlob = new Descriptor(MediaType.OCI_CONFIG, Digest.of(config), config.length);
                push(client, name, configBlob, config);
                push(client, name, layerBlob, layer);
                byte[] manifest =
                        OciJson.write(new ImageManifest(MediaType.OCI_MANIFEST, configBlob, List.of(layerBlob)));
                Digest digest = client.pushManifest(
                        ImageReference.parse(name.name() + "@" + Digest.of(manifest)),
                        MediaType.OCI_MANIFEST,
                        manifest);
                manifests.add(new Descriptor(MediaType.OCI_MANIFEST, digest, manifest.length)
                        .withPlatform(Platform.parse(platform)));
            }
            byte[] index = OciJson.write(new ImageIndex(MediaType.OCI_INDEX, manifests));
            Digest pushed = client.pushManifest(name, MediaType.OCI_INDEX, index);

            Resolved resolved = client.resolve(name);
            assertThat(resolved.descriptor().digest()).isEqualTo(pushed).isEqualTo(client.head(name));
            ImageIndex read = OciJson.readIndex(resolved.bytes());
            Descriptor arm = read.manifestFor(Platform.parse("linux/arm64")).orElseThrow();
            ImageManifest manifest = OciJson.readManifest(
                    client.resolve(name.withDigest(arm.digest())).bytes());
            try (InputStream in = client.openBlob(name, manifest.layers().getFirst())) {
                assertThat(in.readAllBytes()).isEqualTo(layer);
            }
            assertThat(client.pushBlob(
                            ImageReference.parse(registry.host() + "/other"),
                            layerBlob,
                            name,
                            () -> new ByteArrayInputStream(layer)))
                    .isEqualTo(PushOutcome.MOUNTED);
            assertThatThrownBy(() -> client.resolve(name.withTag("2")))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
        }
    }

    @Test
    void anInsecureRegistryMayHaveNoTlsAtAll() throws IOException {
        try (DockerRegistry registry = DockerRegistry.start(folder, "")) {
            for (String more : List.of("", "http = true")) {
                String toml = "[registry.'" + registry.host() + "']\ninsecure = true\n" + more;
                RegistryConfig config = RegistryConfig.parse(toml, "test", folder);
                try (RegistryClient client = client(config, Credentials.none())) {
                    byte[] index = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8);
                    ImageReference name = ImageReference.parse(registry.host() + "/empty:1");
                    client.pushManifest(name, MediaType.OCI_INDEX, index);
                    assertThat(client.head(name)).isEqualTo(Digest.of(index));
                }
            }
        }
    }

    @Test
    void logsInWithAPasswordOverTls() throws IOException {
        TestKey key = TestKey.make(folder);
        Path certificates = Files.createDirectories(folder.resolve("certs.d"));
        // The password is "secret".
        Path passwords = folder.resolve("htpasswd");
        Files.writeString(passwords, "me:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");
        String tls = "{certificate: " + key.certificateFile() + ", key: " + key.keyFile() + "}";
        try (DockerRegistry registry =
                DockerRegistry.start(folder, "auth: {htpasswd: {realm: test, path: " + passwords + "}}", tls)) {
            // As Docker would find it.
            Path own = Files.createDirectory(certificates.resolve(registry.host()));
            Files.copy(key.certificateFile(), own.resolve("ca.crt"));
            RegistryConfig trusting = RegistryConfig.EMPTY.withCertificates(List.of(certificates));
            Login login = new Login.Password("me", "secret");
            try (RegistryClient stranger = client(trusting, Credentials.none());
                    RegistryClient wary = client(
                            RegistryConfig.parse("[registry.'" + registry.host() + "']\nhttp = false", "test", folder),
                            Credentials.of(Map.of(registry.host(), login)));
                    RegistryClient client = client(trusting, Credentials.of(Map.of(registry.host(), login)))) {
                pushAndPull(client, ImageReference.parse(registry.host() + "/team/app:1"));

                assertThatThrownBy(() -> stranger.resolve(ImageReference.parse(registry.host() + "/team/app:1")))
                        .isInstanceOfSatisfying(
                                RegistryException.class,
                                e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED));
                assertThatThrownBy(() -> wary.resolve(ImageReference.parse(registry.host() + "/team/app:1")))
                        .hasMessageContaining("TLS with " + registry.host() + " failed");
            }
        }
    }

    @Test
    void getsTokensFromATokenServer() throws IOException, InterruptedException {
        TestKey key = TestKey.make(folder);
        try (TokenServer tokens = TokenServer.start(key.key(), key.certificate(), "me:secret", "refresh-me", 300);
                DockerRegistry registry = DockerRegistry.start(
                        folder, tokens.settings(key.certificateFile().toString()));
                RegistryClient stranger = client(RegistryConfig.EMPTY, Credentials.none());
                RegistryClient robot = client(
                        RegistryConfig.EMPTY,
                        Credentials.of(Map.of(registry.host(), new Login.IdentityToken("refresh-me"))));
                RegistryClient client = client(
                        RegistryConfig.EMPTY,
                        Credentials.of(Map.of(registry.host(), new Login.Password("me", "secret"))))) {
            ImageReference name = ImageReference.parse(registry.host() + "/team/app:1");
            Descriptor blob = pushAndPull(client, name);
            pushAndPull(robot, ImageReference.parse(registry.host() + "/team/robot:1"));

            // Pulling is for everybody, pushing is not; and a mount asks for both repositories at once.
            assertThat(stranger.resolve(name).descriptor().mediaType()).isEqualTo(MediaType.OCI_INDEX);
            assertThatThrownBy(() -> stranger.pushManifest(name, MediaType.OCI_INDEX, EMPTY_INDEX))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED));
            assertThat(client.pushBlob(
                            ImageReference.parse(registry.host() + "/other"), blob, name, InputStream::nullInputStream))
                    .isEqualTo(PushOutcome.MOUNTED);
            assertThat(tokens.asked())
                    .contains(
                            "GET known [repository:team/app:pull,push]",
                            "POST known [repository:team/robot:pull,push]",
                            "GET anyone [repository:team/app:pull]",
                            "GET known [repository:other:pull,push, repository:team/app:pull]");
        }
    }

    private static final byte[] EMPTY_INDEX = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8);

    private static Descriptor pushAndPull(RegistryClient client, ImageReference name) throws IOException {
        byte[] content = ("layer of " + name).getBytes(UTF_8);
        Descriptor blob = new Descriptor(MediaType.OCI_LAYER, Digest.of(content), content.length);
        push(client, name, blob, content);
        client.pushManifest(name, MediaType.OCI_INDEX, EMPTY_INDEX);
        assertThat(client.resolve(name).descriptor().digest()).isEqualTo(Digest.of(EMPTY_INDEX));
        try (InputStream in = client.openBlob(name, blob)) {
            assertThat(in.readAllBytes()).isEqualTo(content);
        }
        return blob;
    }
}
