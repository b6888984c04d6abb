package dev.jbuild.layerstore.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.registry.RegistrySettings.KeyPair;
import dev.jbuild.layerstore.registry.RegistrySettings.Mirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryConfigTest {
    @Test
    void readsTheRegistryTablesOfBuildkitdToml(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("buildkitd.toml");
        Files.writeString(file, """
                debug = true
                [worker.oci]
                  enabled = true
                [registry."docker.io"]
                  mirrors = ["mirror.example:5000", "https://harbor.example/proxy/docker.io/"]
                  http = false
                [registry."mirror.example:5000"]
                  http = true
                  insecure = true
                  ca = ["my-ca.pem", "/etc/ca.pem"]
                  [[registry."mirror.example:5000".keypair]]
                    key = "key.pem"
                    cert = "cert.pem"
                """);

        RegistryConfig config = RegistryConfig.parse(Files.readString(file), file.toString(), file.resolveSibling(""));

        assertThat(config.settings("docker.io"))
                .isEqualTo(new RegistrySettings(
                        List.of(new Mirror("mirror.example:5000", ""), new Mirror("harbor.example", "proxy/docker.io")),
                        false,
                        false,
                        List.of(),
                        List.of()));
        assertThat(config.settings("mirror.example:5000"))
                .isEqualTo(new RegistrySettings(
                        List.of(),
                        true,
                        true,
                        List.of(folder.resolve("my-ca.pem"), Path.of("/etc/ca.pem")),
                        List.of(new KeyPair(folder.resolve("cert.pem"), folder.resolve("key.pem")))));
        assertThat(config.settings("ghcr.io")).isEqualTo(RegistrySettings.DEFAULT);
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "mirrors = ['a b']          | c.toml: [registry]: invalid mirror \"a b\"",
                "mirrors = [1]              | c.toml: [registry]: expected strings in mirrors",
                "mirrors = 'a'              | c.toml: [registry]: Value of 'mirrors' is a string",
                "http = 'yes'               | c.toml: [registry]: Value of 'http' is a string",
                "htpp = true                | c.toml: [registry]: unknown key \"htpp\": expected mirrors",
                "keypair = [{key = 'k'}]    | c.toml: [registry]: a keypair has a cert and a key",
                "http = tru                 | c.toml:2: ",
            })
    void saysWhatIsWrongWhere(String line, String problem) {
        assertThatThrownBy(() -> RegistryConfig.parse("[registry.'x']\n" + line, "c.toml", Path.of("/")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(problem);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "localhost, true",
        "localhost:5000, true",
        "127.0.0.1:5000, true",
        "127.1.2.3, true",
        "[::1]:5000, true",
        "registry.example, false",
        "localhost.example, false",
        "127.0.0.1.example, false",
        "10.0.0.1:5000, false",
    })
    void onlyTheLoopbackIsPlainWithoutConfiguration(String host, boolean plain) throws IOException {
        assertThat(Endpoint.upstream(host, RegistryConfig.EMPTY).isHttp()).isEqualTo(plain);
    }

    @Test
    void dockersHubHasAnotherHostThanName() throws IOException {
        Endpoint hub = Endpoint.upstream("docker.io", RegistryConfig.EMPTY);

        assertThat(hub.base()).hasToString("https://registry-1.docker.io/v2/");
        assertThat(hub.loginName()).isEqualTo("docker.io");
    }
}
