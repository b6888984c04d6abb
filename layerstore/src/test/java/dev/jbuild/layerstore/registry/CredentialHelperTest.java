package dev.jbuild.layerstore.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.registry.Credentials.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialHelperTest {
    @TempDir
    private Path folder;

    private Found ask(String script) throws IOException {
        Path program = folder.resolve("docker-credential-test");
        Files.writeString(program, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return CredentialHelper.ask(program.toString(), "https://index.docker.io/v1/");
    }

    @Test
    void getsALogin() throws IOException {
        Found found = ask("""
                read -r server
                printf '{"ServerURL":"%s","Username":"%s","Secret":"%s"}' "$server" "$1" "$server"
                """);

        assertThat(found).isEqualTo(new Found(new Login.Password("get", "https://index.docker.io/v1/"), null));
    }

    @Test
    void getsAnIdentityToken() throws IOException {
        assertThat(ask("cat >/dev/null; echo '{\"Username\":\"<token>\",\"Secret\":\"t\"}'")
                        .login())
                .isEqualTo(new Login.IdentityToken("t"));
    }

    @Test
    void knowsNothing() throws IOException {
        assertThat(ask("cat >/dev/null; echo 'credentials not found in native keychain'; exit 1"))
                .isEqualTo(Found.NOTHING);
        assertThat(ask("cat >/dev/null; echo '{}'")).isEqualTo(Found.NOTHING);
    }

    @Test
    void tellsWhatWentWrong() throws IOException {
        assertThat(ask("cat >/dev/null; echo 'keychain is locked'; exit 3").problem())
                .contains("docker-credential-test failed (3, keychain is locked)");
        assertThat(ask("cat >/dev/null; echo 'hello'").problem()).contains("printed no login");
    }
}
