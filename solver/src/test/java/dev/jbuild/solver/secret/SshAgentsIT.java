package dev.jbuild.solver.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.solver.sandbox.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Agents with OpenSSH's own programs on both ends.
@Timeout(60)
class SshAgentsIT {
    private static final Programs PROGRAMS = new Programs(System.getenv("PATH"));

    @TempDir
    Path directory;

    private Path key;

    @BeforeEach
    void makeKey() throws Exception {
        assumeTrue(
                PROGRAMS.find("ssh-agent").isPresent()
                        && PROGRAMS.find("ssh-keygen").isPresent(),
                "needs openssh-client");
        key = directory.resolve("key");
        shell("ssh-keygen -q -t ed25519 -N '' -C test-key -f \"$1\"", key);
        // Others may read it, as in a checkout: docker buildx takes such a key too.
        shell("chmod 644 \"$1\"", key);
    }

    /// What a script printed, which has to end well.
    private static String shell(String script, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-euc", script, "sh"));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s%n%s", script, said).isZero();
        return said;
    }

    private Secrets secrets(Path... keys) throws IOException {
        return new Secrets(Map.of(), Map.of("default", SshSource.of(List.of(keys))), PROGRAMS);
    }

    @Test
    void aStepMayListAndSignButNotChangeTheAgent() throws Exception {
        Path socket = directory.resolve("relay");
        try (Secrets secrets = secrets(key);
                AgentRelay _ = new AgentRelay(socket, secrets.agent("default"))) {
            String agent = "export SSH_AUTH_SOCK=\"$1\"; ";
            assertThat(shell(agent + "ssh-add -l", socket)).contains("test-key (ED25519)");
            shell(
                    agent + "echo text > \"$2/text\"; ssh-keygen -q -Y sign -f \"$2/key.pub\" -n file \"$2/text\" 2>&1;"
                            + " test -s \"$2/text.sig\"",
                    socket,
                    directory);
            assertThat(shell(agent + "ssh-add -D 2>&1 || echo refused", socket)).contains("refused");
            assertThat(shell(agent + "ssh-add \"$2\" 2>&1 || echo refused", socket, key))
                    .contains("refused");
            assertThat(shell(agent + "ssh-add -l", socket)).contains("test-key");
        }
    }

    @Test
    void theAgentAndItsDirectoryAreGoneWhenTheBuildEnds() throws Exception {
        Path socket;
        try (Secrets secrets = secrets(key)) {
            socket = secrets.agent("default");
            assertThat(socket).exists();
            assertThat(secrets.agent("default")).isEqualTo(socket);
        }
        assertThat(socket.getParent()).doesNotExist();
    }

    @Test
    void keysThatCannotBeUsedAreToldOf() throws Exception {
        Path locked = directory.resolve("locked");
        for (String form : List.of("", "-m PEM", "-m PKCS8")) {
            shell("rm -f \"$1\"; ssh-keygen -q -t ecdsa " + form + " -N 'pass phrase' -f \"$1\"", locked);
            assertThatThrownBy(() -> secrets(locked)).hasMessageContaining("is protected by a passphrase");
        }
        Path text = Files.writeString(directory.resolve("text"), "no key");
        assertThatThrownBy(() -> secrets(text)).hasMessageContaining("holds no private key");
        assertThatThrownBy(() -> secrets(directory)).hasMessageContaining("is a directory");
        assertThatThrownBy(() -> secrets(directory.resolve("none"))).hasMessageContaining("does not exist");
        Path broken = Files.writeString(
                directory.resolve("broken"), "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n");
        try (Secrets secrets = secrets(broken)) {
            assertThatThrownBy(() -> secrets.agent("default")).hasMessageContaining("ssh-add does not take the key");
        }
    }
}
