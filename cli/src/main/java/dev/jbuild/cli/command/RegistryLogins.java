package dev.jbuild.cli.command;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.registry.Credentials;
import dev.jbuild.layerstore.registry.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where logins for registries are found: `--registry-auth`, variables for machines that build, and the
/// files of `docker login` and `podman login`. Messages name hosts, files and variables, never values.
final class RegistryLogins {
    private static final List<String> KEYS = List.of("host", "user", "env", "src");
    private static final List<String> VARIABLES = List.of("JBUILD_REGISTRY_AUTH", "DOCKER_AUTH_CONFIG");

    private final Io io;

    RegistryLogins(Io io) {
        this.io = io;
    }

    /// Tells of mistakes in the values of `--registry-auth`.
    void check(List<String> given) {
        given.forEach(text -> secret(text, keys(text)));
    }

    /// @param given the values of `--registry-auth`
    Credentials credentials(List<String> given) {
        Map<String, Login> logins = new HashMap<>();
        Credentials credentials = Credentials.none();
        for (String text : given) {
            Map<String, String> keys = keys(text);
            String secret = secret(text, keys);
            String host = keys.getOrDefault("host", "");
            String user = keys.getOrDefault("user", "");
            if (!host.isEmpty()) {
                logins.put(host, user.isEmpty() ? new Login.RegistryToken(secret) : new Login.Password(user, secret));
            } else if (user.isEmpty()) {
                credentials = credentials.andText("--registry-auth " + text, secret);
            } else {
                throw wrong(text, "it has a user but no host");
            }
        }
        credentials = credentials.withLogins(logins);
        for (String variable : VARIABLES) {
            String json = io.env(variable);
            if (json != null) {
                credentials = credentials.andText("$" + variable, json);
            }
        }
        String file = io.env("REGISTRY_AUTH_FILE");
        if (file != null) {
            return credentials.andFile(io.directory().resolve(file));
        }
        String docker = io.env("DOCKER_CONFIG");
        credentials = credentials.andFile(
                (docker == null ? home().resolve(".docker") : io.directory().resolve(docker)).resolve("config.json"));
        String runtime = io.env("XDG_RUNTIME_DIR");
        if (runtime != null) {
            credentials = credentials.andFile(Path.of(runtime, "containers", "auth.json"));
        }
        return credentials.andFile(configHome().resolve("containers").resolve("auth.json"));
    }

    /// Where the user's configuration lies.
    Path configHome() {
        String base = io.env("XDG_CONFIG_HOME");
        return base == null ? home().resolve(".config") : Path.of(base);
    }

    private Path home() {
        String home = io.env("HOME");
        return Path.of(home == null ? "/" : home);
    }

    private static Map<String, String> keys(String text) {
        Map<String, String> keys = new HashMap<>();
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            String key = equals < 0 ? "" : field.substring(0, equals).strip();
            if (!KEYS.contains(key)) {
                // Whoever writes a password there should not see it again in a log.
                throw new UsageException("--registry-auth: expected [host=HOST,][user=USER,]env=NAME or src=FILE,"
                        + " separated by commas; the secret itself does not belong on a command line");
            }
            keys.put(key, field.substring(equals + 1));
        }
        return keys;
    }

    private String secret(String text, Map<String, String> keys) {
        String variable = keys.getOrDefault("env", "");
        String file = keys.getOrDefault("src", "");
        if (variable.isEmpty() == file.isEmpty()) {
            throw wrong(text, "it needs env=NAME or src=FILE, one of them");
        }
        String secret;
        if (file.isEmpty()) {
            secret = io.env(variable);
            if (secret == null) {
                throw wrong(text, "there is no variable " + variable + ", or it is empty");
            }
        } else {
            try {
                secret = Files.readString(io.directory().resolve(file));
            } catch (IOException | InvalidPathException e) {
                throw wrong(text, "cannot read " + file);
            }
        }
        return secret.stripTrailing();
    }

    private static UsageException wrong(String text, String problem) {
        return new UsageException("--registry-auth " + text + ": " + problem);
    }
}
