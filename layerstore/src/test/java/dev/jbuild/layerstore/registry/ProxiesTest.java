package dev.jbuild.layerstore.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.fake.TestKey;
import dev.jbuild.layerstore.fake.WayThrough;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxiesTest {
    private static final byte[] INDEX = "{\"schemaVersion\":2,\"manifests\":[]}".getBytes(UTF_8);

    @ParameterizedTest(name = "{0} with NO_PROXY={1}: direct {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "https://registry.example.com/        |                             | false",
                "https://registry.example.com/        | *                           | true",
                "https://registry.example.com/        | example.com                 | true",
                "https://registry.example.com/        | .example.com                | true",
                "https://registry.example.com/        | *.example.com               | true",
                "https://registry.example.com/        | other.org, EXAMPLE.com      | true",
                "https://registry.example.com./       | example.com                 | true",
                "https://example.com/                 | example.com                 | true",
                "https://example.com/                 | .example.com                | false",
                "https://notexample.com/              | example.com                 | false",
                "https://registry.example.com:5000/   | example.com:5000            | true",
                "https://registry.example.com:5001/   | example.com:5000            | false",
                "https://registry.example.com/        | registry.example.com:443    | true",
                "http://registry.example.com/         | registry.example.com:443    | false",
                "https://10.1.2.3/                    | 10.0.0.0/8                  | true",
                "https://11.1.2.3/                    | 10.0.0.0/8                  | false",
                "https://10.1.2.3/                    | 10.1.2.2/31                 | true",
                "https://10.1.2.4/                    | 10.1.2.2/31                 | false",
                "https://10.1.2.3/                    | 0.0.0.0/0                   | true",
                "https://10.1.2.3/                    | 10.1.2.3                    | true",
                "https://10.1.2.3:5000/               | 10.1.2.3:5000               | true",
                "https://10.1.2.3:5001/               | 10.1.2.3:5000               | false",
                "https://[fd00::17]:5000/             | fd00::/8                    | true",
                "https://[fd00::17]/                  | fd00::17                    | true",
                "https://[fd00::17]:5000/             | [fd00::17]:5000             | true",
                "https://registry.example.com/        | 10.0.0.0/99, /8, :, a:b, ., | false",
                "https://localhost/                   |                             | true",
                "https://127.0.0.1:5000/              |                             | true",
            })
    void someHostsAreReachedDirectly(String uri, @Nullable String direct, boolean directly) {
        Proxies proxies = Proxies.of(Map.of(
                "HTTPS_PROXY",
                "proxy:3128",
                "HTTP_PROXY",
                "http://proxy:3128/",
                "NO_PROXY",
                direct == null ? "" : direct));

        assertThat(proxies.via(URI.create(uri)) == null).isEqualTo(directly);
    }

    @Test
    void eachSchemeHasItsProxyInUpperOrLowerCase() {
        Proxies proxies = Proxies.of(
                Map.of("HTTP_PROXY", "", "http_proxy", "one", "HTTPS_PROXY", "http://two:81", "https_proxy", "three"));

        assertThat(proxies.via(URI.create("http://example.com"))).hasToString("one:80");
        assertThat(proxies.via(URI.create("https://example.com"))).hasToString("two:81");
        assertThat(Proxies.of(Map.of("NO_PROXY", "*"))).isSameAs(Proxies.NONE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "socks5://me:s3cret@proxy:1080 | HTTPS_PROXY is of the kind socks5://, which is not supported",
                "https://me:s3cret@proxy       | HTTPS_PROXY is of the kind https://, which is not supported",
                "http://me:s3cret@pro xy       | HTTPS_PROXY is not a URL",
                "http://me:s3cret@             | HTTPS_PROXY",
            })
    void aProxyThatCannotBeUsedIsAnErrorWithoutItsPassword(String value, String problem) {
        assertThatThrownBy(() -> Proxies.of(Map.of("HTTPS_PROXY", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(problem)
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void plainRequestsGoThroughTheProxyWithItsLogin() throws IOException {
        try (FakeRegistry registry = FakeRegistry.start();
                WayThrough way = WayThrough.to(registry.port(), "me:pass word")) {
            Digest digest =
                    registry.putManifest("app", "1", MediaType.OCI_INDEX, INDEX).digest();
            RegistryConfig config =
                    RegistryConfig.parse("[registry.'registry.test:5000']\nhttp = true", "test", Path.of("/"));
            ImageReference name = ImageReference.parse("registry.test:5000/app:1");

            try (RegistryClient client = client(config, "HTTP_PROXY", "http://me:pass%20word@" + way.host());
                    RegistryClient stranger = client(config, "HTTP_PROXY", way.host())) {
                assertThat(client.head(name)).isEqualTo(digest);
                assertThatThrownBy(() -> stranger.resolve(name))
                        .hasMessageContaining("the proxy wants a login: set HTTP_PROXY");
            }
            assertThat(way.requests().getFirst()).startsWith("HEAD http://registry.test:5000/v2/app/manifests/1");
            assertThat(registry.requests()).hasSize(1);
        }
    }

    @Test
    void tlsGoesThroughATunnel(@TempDir Path folder) throws IOException, GeneralSecurityException {
        TestKey key = TestKey.make(folder, "registry.test");
        try (FakeRegistry registry = FakeRegistry.startTls(key.context(), false);
                WayThrough way = WayThrough.to(registry.port(), "me:secret")) {
            Digest digest =
                    registry.putManifest("app", "1", MediaType.OCI_INDEX, INDEX).digest();
            RegistryConfig config =
                    RegistryConfig.parse("[registry.'registry.test']\nca = ['cert.pem']", "test", folder);
            ImageReference name = ImageReference.parse("registry.test/app:1");

            try (RegistryClient client = client(config, "https_proxy", "http://me:secret@" + way.host());
                    RegistryClient stranger = client(config, "https_proxy", "http://me:wrong@" + way.host())) {
                assertThat(client.head(name)).isEqualTo(digest);
                assertThatThrownBy(() -> stranger.resolve(name)).hasMessageContaining("the proxy wants a login");
            }
            assertThat(way.requests().getFirst()).startsWith("CONNECT registry.test:443");
            assertThat(registry.requests()).hasSize(1);
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws IOException {
        try (RegistryClient client = client(RegistryConfig.EMPTY, "HTTPS_PROXY", "http://me:secret@127.0.0.1:1")) {
            assertThatThrownBy(() -> client.resolve(ImageReference.parse("registry.test/app:1")))
                    .hasMessageContaining("no connection to the proxy 127.0.0.1:1")
                    .hasMessageNotContaining("secret");
        }
    }

    private static RegistryClient client(RegistryConfig config, String variable, String value) {
        return new RegistryClient(
                config.withProxies(Proxies.of(Map.of(variable, value))), Credentials.none(), RegistryPullTest.QUICK);
    }
}
