package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.oci.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Where logins come from: given ones, then Docker's `config.json` with its credential helpers, in files
/// or as texts, one after the other.
///
/// Nothing is read before a registry asks for a login, and each registry's login is looked up once.
public final class Credentials {
    // Docker's name for its Hub in config.json, kept since the first registry protocol.
    private static final String DOCKER_HUB = "https://index.docker.io/v1/";
    private static final Pattern HELPER = Pattern.compile("[A-Za-z0-9_.-]*");

    private final Map<String, Login> given;
    private final List<Source> sources;
    private final Map<String, Found> found = new ConcurrentHashMap<>();

    /// What a look-up yielded.
    ///
    /// @param problem why there may be a login after all, to be told if the registry refuses us without
    record Found(@Nullable Login login, @Nullable String problem) {
        static final Found NOTHING = new Found(null, null);
    }

    /// A `config.json`.
    private sealed interface Source {
        record File(Path path) implements Source {}

        record Text(String name, String json) implements Source {
            @Override
            public String toString() {
                return name;
            }
        }
    }

    private Credentials(Map<String, Login> given, List<Source> sources) {
        this.given = Map.copyOf(given);
        this.sources = List.copyOf(sources);
    }

    /// No logins: everything is asked for anonymously.
    public static Credentials none() {
        return new Credentials(Map.of(), List.of());
    }

    /// These logins, by registry (`docker.io`, `localhost:5000`).
    public static Credentials of(Map<String, Login> logins) {
        return new Credentials(logins, List.of());
    }

    /// The logins that `docker login` left in this `config.json`, which need not exist.
    public static Credentials dockerConfig(Path configFile) {
        return none().andFile(configFile);
    }

    /// These logins first, for registries that they name.
    public Credentials withLogins(Map<String, Login> logins) {
        return new Credentials(logins, sources);
    }

    /// The same, and this `config.json` for registries that are not known yet. It need not exist.
    public Credentials andFile(Path configFile) {
        return and(new Source.File(configFile));
    }

    /// The same, and this text of a `config.json` for registries that are not known yet.
    ///
    /// @param name what to call it in messages, none of which repeats its content
    public Credentials andText(String name, String json) {
        return and(new Source.Text(name, json));
    }

    private Credentials and(Source source) {
        return new Credentials(
                given, Stream.concat(sources.stream(), Stream.of(source)).toList());
    }

    /// The login for a registry.
    ///
    /// @throws IOException if a configuration is there but cannot be read
    Found find(String registry) throws IOException {
        Login login = given.get(registry);
        if (login != null) {
            return new Found(login, null);
        }
        Found known = found.get(registry);
        if (known == null) {
            known = findInSources(registry);
            found.put(registry, known);
        }
        return known;
    }

    private Found findInSources(String registry) throws IOException {
        String problem = null;
        for (Source source : sources) {
            Found here = findInSource(registry, source);
            if (here.login != null) {
                return here;
            }
            problem = problem == null ? here.problem : problem;
        }
        return new Found(null, problem);
    }

    private static Found findInSource(String registry, Source source) throws IOException {
        return switch (source) {
            case Source.File(Path path) -> {
                try {
                    yield find(registry, path.toString(), LooseJson.object(Files.readAllBytes(path)));
                } catch (NoSuchFileException e) {
                    yield Found.NOTHING;
                } catch (IOException e) {
                    throw new IOException("cannot read logins from " + path + ": " + e.getMessage(), e);
                }
            }
            case Source.Text(String name, String json) -> {
                Map<?, ?> config;
                try {
                    config = LooseJson.object(json.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // The parser's message may quote the secret.
                    throw new IOException("cannot read logins from " + name
                            + ": expected JSON like {\"auths\":{\"HOST\":{\"username\":\"…\",\"password\":\"…\"}}}");
                }
                yield find(registry, name, config);
            }
        };
    }

    private static Found find(String registry, String name, Map<?, ?> config) throws IOException {
        String key = registry.equals(ImageReference.DEFAULT_REGISTRY) ? DOCKER_HUB : registry;
        String helper = LooseJson.text(LooseJson.child(config, "credHelpers"), registry);
        if (helper.isEmpty()) {
            helper = LooseJson.text(config, "credsStore");
        }
        if (!HELPER.matcher(helper).matches()) {
            throw new IOException(name + ": \"" + helper + "\" is no credential helper");
        }
        Found fromHelper = helper.isEmpty() ? Found.NOTHING : CredentialHelper.ask("docker-credential-" + helper, key);
        if (fromHelper.login != null) {
            return fromHelper;
        }
        Map<?, ?> auths = LooseJson.child(config, "auths");
        Map<?, ?> entry = LooseJson.child(auths, key);
        for (Map.Entry<?, ?> candidate : auths.entrySet()) {
            if (entry.isEmpty() && host(String.valueOf(candidate.getKey())).equals(host(key))) {
                entry = LooseJson.child(auths, String.valueOf(candidate.getKey()));
            }
        }
        return new Found(login(entry), fromHelper.problem);
    }

    // Entries may be spelled host, https://host and https://host/v1/; docker.io's host is index.docker.io.
    private static String host(String key) {
        String rest = key.replaceFirst("^https?://", "");
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        return host.equals(ImageReference.DEFAULT_REGISTRY) ? "index.docker.io" : host;
    }

    private static @Nullable Login login(Map<?, ?> entry) {
        String identityToken = LooseJson.text(entry, "identitytoken");
        if (!identityToken.isEmpty()) {
            return new Login.IdentityToken(identityToken);
        }
        String registryToken = LooseJson.text(entry, "registrytoken");
        if (!registryToken.isEmpty()) {
            return new Login.RegistryToken(registryToken);
        }
        String username = LooseJson.text(entry, "username");
        String password = LooseJson.text(entry, "password");
        String auth = LooseJson.text(entry, "auth");
        if (!auth.isEmpty()) {
            String pair = decode(auth);
            int colon = pair.indexOf(':');
            if (colon > 0) {
                username = pair.substring(0, colon);
                password = pair.substring(colon + 1);
            }
        }
        return username.isEmpty() ? null : new Login.Password(username, password);
    }

    // Some tools pad the text with zero bytes, as Docker's own decoder tolerates.
    private static String decode(String auth) {
        try {
            return new String(Base64.getDecoder().decode(auth.strip()), StandardCharsets.UTF_8).replace("\0", "");
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
