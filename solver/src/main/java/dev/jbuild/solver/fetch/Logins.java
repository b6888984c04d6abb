package dev.jbuild.solver.fetch;

import dev.jbuild.solver.sandbox.SandboxException;
import dev.jbuild.solver.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The secrets that log in to servers, by the names that BuildKit gives them.
final class Logins {
    private final Secrets secrets;

    Logins(Secrets secrets) {
        this.secrets = secrets;
    }

    /// The `Authorization` for a server of files, null if there is none.
    ///
    /// @param host with its port, if the URL names one
    @Nullable
    String web(String host) {
        String header = find("HTTP_AUTH_HEADER_" + host);
        if (header != null) {
            return header;
        }
        String token = find("HTTP_AUTH_TOKEN_" + host);
        return token == null ? null : "Bearer " + token;
    }

    /// The `Authorization` for a server of repositories, null if there is none.
    @Nullable
    String git(String host) {
        for (String suffix : new String[] {"." + host, ""}) {
            String header = find("GIT_AUTH_HEADER" + suffix);
            if (header != null) {
                return header;
            }
            String token = find("GIT_AUTH_TOKEN" + suffix);
            if (token != null) {
                byte[] pair = ("x-access-token:" + token).getBytes(StandardCharsets.UTF_8);
                return "Basic " + Base64.getEncoder().encodeToString(pair);
            }
        }
        return null;
    }

    // A file that holds a token mostly ends with a newline, which no header may have.
    private @Nullable String find(String id) {
        String value = secrets.text(id);
        if (value == null || value.isBlank()) {
            return null;
        }
        String line = value.strip();
        if (line.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new SandboxException(
                    "the secret \"" + id + "\" cannot be sent to a server: it is more than one line");
        }
        return line;
    }
}
