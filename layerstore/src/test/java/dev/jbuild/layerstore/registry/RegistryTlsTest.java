package dev.jbuild.layerstore.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.fake.TestKey;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryTlsTest {
    // The first handshake of a JVM takes its time.
    private static final RegistryOptions PATIENT =
            new RegistryOptions("jbuild-test", 2, Duration.ofMillis(2), Duration.ofSeconds(20), 4);

    private Path folder = Path.of("");
    private FakeRegistry open = FakeRegistry.start();
    private FakeRegistry guarded = open;

    @BeforeAll
    void start(@TempDir Path keysFolder) throws IOException, GeneralSecurityException {
        folder = keysFolder;
        open.close();
        TestKey key = TestKey.make(folder);
        byte[] pkcs8 = key.key().getEncoded();
        // The older form is what the newer one wraps: it begins after 26 bytes for a key of this size.
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        pem("old-key.pem", "RSA PRIVATE KEY", pkcs1);
        pem("ec-key.pem", "EC PRIVATE KEY", new byte[] {1});

        SSLContext tls = key.context();
        open = FakeRegistry.startTls(tls, false);
        guarded = FakeRegistry.startTls(tls, true);
        for (FakeRegistry registry : List.of(open, guarded)) {
            registry.putManifest("app", "1", MediaType.OCI_INDEX, "{\"manifests\":[]}".getBytes(UTF_8));
        }
    }

    @AfterAll
    void stop() {
        open.close();
        guarded.close();
    }

    private void pem(String name, String label, byte[] der) throws IOException {
        Files.writeString(
                folder.resolve(name),
                "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                        + "-----\n");
    }

    private void resolve(FakeRegistry registry, String... settings) throws IOException {
        resolve(registry.host(), settings);
    }

    private void resolve(String host, String... settings) throws IOException {
        String toml = "[registry.'" + host + "']\n" + String.join("\n", settings);
        try (RegistryClient client =
                new RegistryClient(RegistryConfig.parse(toml, "test", folder), Credentials.none(), PATIENT)) {
            client.resolve(ImageReference.parse(host + "/app:1"));
        }
    }

    @Test
    void trustsAConfiguredAuthority() {
        assertThatCode(() -> resolve(open, "ca = ['cert.pem']")).doesNotThrowAnyException();
    }

    @Test
    void trustsAnyoneIfToldTo() {
        assertThatCode(() -> resolve(open, "insecure = true")).doesNotThrowAnyException();
    }

    @Test
    void refusesAnUnknownAuthorityAndSaysWhereToNameIt() {
        assertThatThrownBy(() -> resolve(open, "http = false"))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
                .hasMessageContaining("TLS with " + open.host() + " failed")
                .hasMessageContaining("set ca in [registry.\"" + open.host() + "\"]");
    }

    @Test
    void saysThatARegistryWithoutTlsNeedsHttp() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
            String host = "127.0.0.1:" + server.getLocalPort();
            Future<?> answer = thread.submit(() -> {
                try (Socket socket = server.accept()) {
                    // What servers in Go say to a TLS greeting, once they have it.
                    int hello = socket.getInputStream().read(new byte[4096]);
                    assertThat(hello).isPositive();
                    socket.getOutputStream().write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                    return socket.getInputStream().readAllBytes();
                }
            });

            assertThatThrownBy(() -> resolve(host, "http = false"))
                    .hasMessageContaining(host + " does not speak TLS")
                    .hasMessageContaining("set http = true in [registry.\"" + host + "\"]");
            answer.cancel(true);
        }
    }

    @Test
    void identifiesItselfWithAKeyPair() {
        String pair = "[[registry.'" + guarded.host() + "'.keypair]]\ncert = 'cert.pem'\nkey = '%s'";

        assertThatCode(() -> resolve(guarded, "ca = ['cert.pem']", pair.formatted("key.pem")))
                .doesNotThrowAnyException();
        assertThatCode(() -> resolve(guarded, "ca = ['cert.pem']", pair.formatted("old-key.pem")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> resolve(guarded, "ca = ['cert.pem']")).isInstanceOf(RegistryException.class);
        assertThatThrownBy(() -> resolve(guarded, "ca = ['cert.pem']", pair.formatted("ec-key.pem")))
                .hasMessageContaining("convert it with openssl pkcs8");
        assertThatThrownBy(() -> resolve(guarded, "ca = ['key.pem']")).hasMessageContaining("key.pem");
    }
}
