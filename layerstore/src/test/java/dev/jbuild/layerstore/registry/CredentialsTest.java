package dev.jbuild.layerstore.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CredentialsTest {
    @TempDir
    private Path folder;

    private Credentials.Found find(String registry, String json) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, json);
        return Credentials.dockerConfig(file).find(registry);
    }

    private static String auth(String pair) {
        return Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @CsvSource({
        "https://index.docker.io/v1/, docker.io",
        "docker.io,                   docker.io",
        "index.docker.io,             docker.io",
        "ghcr.io,                     ghcr.io",
        "https://ghcr.io,             ghcr.io",
        "https://ghcr.io/v2/,         ghcr.io",
        "localhost:5000,              localhost:5000",
    })
    void findsARegistryInAllItsSpellings(String key, String registry) throws IOException {
        String json = "{\"auths\":{\"other.example\":{\"auth\":\"" + auth("x:y") + "\"},\"" + key + "\":{\"auth\":\""
                + auth("me:a:b") + "\"}}}";

        assertThat(find(registry, json).login()).isEqualTo(new Login.Password("me", "a:b"));
        assertThat(find("unknown.example", json).login()).isNull();
    }

    @Test
    void readsEveryKindOfLogin() throws IOException {
        assertThat(find("r", "{\"auths\":{\"r\":{\"username\":\"me\",\"password\":\"p\"}}}")
                        .login())
                .isEqualTo(new Login.Password("me", "p"));
        assertThat(find("r", "{\"auths\":{\"r\":{\"auth\":\"" + auth("me:p\0") + "\",\"identitytoken\":\"t\"}}}")
                        .login())
                .isEqualTo(new Login.IdentityToken("t"));
        assertThat(find("r", "{\"auths\":{\"r\":{\"registrytoken\":\"t\"}}}").login())
                .isEqualTo(new Login.RegistryToken("t"));
        assertThat(find("r", "{\"auths\":{\"r\":{}}}").login()).isNull();
        assertThat(find("r", "{\"auths\":{\"r\":{\"auth\":\"%%%\"}}}").login()).isNull();
        assertThat(find("r", "{\"HttpHeaders\":{},\"auths\":null}").login()).isNull();
    }

    @Test
    void aMissingFileIsNoLogin() throws IOException {
        assertThat(Credentials.dockerConfig(folder.resolve("none")).find("r")).isEqualTo(Credentials.Found.NOTHING);
    }

    @Test
    void aBrokenFileIsNamed() {
        assertThatThrownBy(() -> find("r", "{"))
                .hasMessageStartingWith("cannot read logins from " + folder.resolve("config.json") + ": ");
        assertThatThrownBy(() -> find("r", "{\"credsStore\":\"../../evil\"}"))
                .hasMessageContaining("\"../../evil\" is no credential helper");
    }

    @Test
    void aHelperThatIsNotInstalledIsAProblemToTell() throws IOException {
        String json = "{\"credsStore\":\"no-such-helper\",\"auths\":{\"r\":{\"auth\":\"" + auth("me:p") + "\"}}}";

        assertThat(find("r", json).login()).isEqualTo(new Login.Password("me", "p"));
        assertThat(find("other", json).problem())
                .contains("docker-credential-no-such-helper")
                .contains("cannot be run");
    }

    @Test
    void loginsThatWereGivenComeFirst() throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, "{\"auths\":{\"r\":{\"auth\":\"" + auth("file:p") + "\"}}}");
        Login given = new Login.Password("given", "p");

        Credentials credentials = Credentials.dockerConfig(file).withLogins(Map.of("r", given));

        assertThat(credentials.find("r").login()).isEqualTo(given);
    }

    @Test
    void nothingPrintsASecret() {
        assertThat(new Login.Password("me", "hidden").toString()).isEqualTo("password of me");
        assertThat(new Login.IdentityToken("hidden").toString()).doesNotContain("hidden");
        assertThat(new Login.RegistryToken("hidden").toString()).doesNotContain("hidden");
    }
}
