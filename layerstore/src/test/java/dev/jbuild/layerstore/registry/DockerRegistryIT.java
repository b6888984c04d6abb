package dev.jbuild.layerstore.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.net.InetAddress;
import java.net.ServerSocket;
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
    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

    @TempDir
    private Path folder;

    /// A running registry, ended with the process.
    private record Running(Process process, String host) implements AutoCloseable {
        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }

    private Running start(String settings) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not there: apt-get install docker-registry");
        String host;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            host = "127.0.0.1:" + free.getLocalPort();
        }
        Path config = folder.resolve("config.yml");
        Files.writeString(config, """
                version: 0.1
                log: {level: error, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "%s"}
                %s
                """.formatted(folder.resolve("storage"), host, settings));
        Process process = new ProcessBuilder(PROGRAM.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try (RegistryClient client = client(RegistryConfig.EMPTY, Credentials.none())) {
            for (int i = 0; i < 10 && process.isAlive(); i++) {
                try {
                    client.head(ImageReference.parse(host + "/started"));
                } catch (RegistryException e) {
                    if (e.kind() != Kind.UNREACHABLE) {
                        break;
                    }
                }
            }
        }
        assertThat(process.isAlive())
                .as(Files.readString(folder.resolve("log")))
                .isTrue();
        return new Running(process, host);
    }

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
        try (Running registry = start("");
                RegistryClient client = client(RegistryConfig.EMPTY, Credentials.none())) {
            ImageReference name = ImageReference.parse(registry.host + "/team/app:1");
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
                            ImageReference.parse(registry.host + "/other"),
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
        try (Running registry = start("")) {
            for (String more : List.of("", "http = true")) {
                String toml = "[registry.'" + registry.host + "']\ninsecure = true\n" + more;
                RegistryConfig config = RegistryConfig.parse(toml, "test", folder);
                try (RegistryClient client = client(config, Credentials.none())) {
                    byte[] index = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8);
                    ImageReference name = ImageReference.parse(registry.host + "/empty:1");
                    client.pushManifest(name, MediaType.OCI_INDEX, index);
                    assertThat(client.head(name)).isEqualTo(Digest.of(index));
                }
            }
        }
    }

    @Test
    void logsInWithAPassword() throws IOException {
        // The password is "secret".
        Path passwords = folder.resolve("htpasswd");
        Files.writeString(passwords, "me:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");
        try (Running registry = start("auth: {htpasswd: {realm: test, path: " + passwords + "}}");
                RegistryClient stranger = client(RegistryConfig.EMPTY, Credentials.none());
                RegistryClient client = client(
                        RegistryConfig.EMPTY,
                        Credentials.of(Map.of(registry.host, new Login.Password("me", "secret"))))) {
            byte[] content = "layer".getBytes(UTF_8);
            Descriptor blob = new Descriptor(MediaType.OCI_LAYER, Digest.of(content), content.length);
            ImageReference name = ImageReference.parse(registry.host + "/app:1");

            push(client, name, blob, content);
            try (InputStream in = client.openBlob(name, blob)) {
                assertThat(in.readAllBytes()).isEqualTo(content);
            }
            assertThatThrownBy(() -> stranger.openBlob(name, blob))
                    .isInstanceOfSatisfying(
                            RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAUTHORIZED));
        }
    }
}
