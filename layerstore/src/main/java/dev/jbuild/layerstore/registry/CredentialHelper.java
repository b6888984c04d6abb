package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.Credentials.Found;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A `docker-credential-…` program: it gets a registry's name and prints its login as JSON.
final class CredentialHelper {
    private static final int MAX_ANSWER = 1 << 20;
    private static final int MOST_SECONDS = 60;
    // Stands for the user name where the secret is an identity token.
    private static final String TOKEN_USER = "<token>";

    private CredentialHelper() {}

    /// Runs a helper.
    ///
    /// A helper that cannot be run or fails is a problem to tell, not an error: most images are public, and a
    /// config.json that was copied to a server names helpers that only a desktop has.
    static Found ask(String program, String registry) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(List.of(program, "get"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return new Found(null, "the credential helper " + program + " cannot be run: " + e.getMessage());
        }
        CompletableFuture<Void> limit = process.onExit()
                .completeOnTimeout(process, MOST_SECONDS, TimeUnit.SECONDS)
                .thenAccept(CredentialHelper::end);
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(registry.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It has ended without reading, and its status tells why.
                return failed(program, process.waitFor() + ", " + e.getMessage());
            }
            byte[] answer = process.getInputStream().readNBytes(MAX_ANSWER);
            int status = process.waitFor();
            if (status != 0) {
                String said = new String(answer, StandardCharsets.UTF_8).strip();
                // The words in which helpers say that they know nothing of a registry. That is no problem.
                return said.contains("credentials not found") ? Found.NOTHING : failed(program, status + ", " + said);
            }
            Map<?, ?> login = LooseJson.object(answer);
            String username = LooseJson.text(login, "Username");
            String secret = LooseJson.text(login, "Secret");
            if (secret.isEmpty()) {
                return Found.NOTHING;
            }
            return new Found(
                    username.equals(TOKEN_USER)
                            ? new Login.IdentityToken(secret)
                            : new Login.Password(username, secret),
                    null);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw Interruption.of(e);
        } catch (IOException e) {
            return new Found(null, "the credential helper " + program + " printed no login: " + e.getMessage());
        } finally {
            limit.cancel(false);
        }
    }

    // Not one that has ended by itself: that would close its output before it is read.
    private static void end(Process process) {
        if (process.isAlive()) {
            process.destroyForcibly();
        }
    }

    private static Found failed(String program, String how) {
        return new Found(null, "the credential helper " + program + " failed (" + how + ")");
    }
}
