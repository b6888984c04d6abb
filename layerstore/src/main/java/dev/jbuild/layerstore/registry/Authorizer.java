package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Answers the challenges of one endpoint, and remembers the answers while they are good.
///
/// Several threads asking for the same at once get the same token, fetched once.
final class Authorizer {
    private static final int MAX_TOKEN_ANSWER = 1 << 20;
    private static final long SHORTEST_LIFE_SECONDS = 60;
    private static final String CLIENT_ID = "jbuild";

    private final Endpoint endpoint;
    private final Credentials credentials;
    private final Fetcher fetcher;
    private final Map<Scopes, Token> tokens = new HashMap<>();
    private @Nullable Challenge known;
    private volatile @Nullable String problem;

    /// Sends a request without any authorization of its own.
    @FunctionalInterface
    interface Fetcher {
        Reply fetch(Call call) throws IOException;
    }

    /// @param deadline in the time of [System#nanoTime()]
    private record Token(String header, long deadline) {
        boolean isFresh() {
            return deadline - System.nanoTime() > 0;
        }
    }

    Authorizer(Endpoint endpoint, Credentials credentials, Fetcher fetcher) {
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.fetcher = fetcher;
    }

    /// What to send with a request before being asked: nothing to a registry that never asked.
    synchronized @Nullable String header(Scopes scopes) throws IOException {
        return known == null ? null : answer(known, scopes);
    }

    /// What to send after these challenges.
    ///
    /// @param rejected what was sent before, in vain
    /// @return null if there is nothing else to send
    synchronized @Nullable String answer(List<Challenge> challenges, Scopes scopes, @Nullable String rejected)
            throws IOException {
        tokens.values().removeIf(token -> token.header.equals(rejected));
        for (String scheme : List.of("bearer", "basic")) {
            for (Challenge challenge : challenges) {
                if (challenge.scheme().equals(scheme)) {
                    known = challenge;
                    String header = answer(challenge, scopes);
                    return header == null || header.equals(rejected) ? null : header;
                }
            }
        }
        return null;
    }

    /// Why a login that should be there could not be used, null if none was expected.
    @Nullable
    String problem() {
        return problem;
    }

    private @Nullable String answer(Challenge challenge, Scopes scopes) throws IOException {
        Credentials.Found found = find();
        problem = found.problem();
        Login login = found.login();
        if (challenge.scheme().equals("basic")) {
            return login instanceof Login.Password password ? basic(password) : null;
        }
        if (login instanceof Login.RegistryToken token) {
            return "Bearer " + token.token();
        }
        Token token = tokens.get(scopes);
        if (token == null || !token.isFresh()) {
            token = fetch(challenge, scopes, login);
            tokens.put(scopes, token);
        }
        return token.header;
    }

    // A configuration that cannot be read does not become better by asking the registry again.
    private Credentials.Found find() throws IOException {
        try {
            return credentials.find(endpoint.loginName());
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new RegistryException(
                    Kind.UNAUTHORIZED, "GET", endpoint.base(), 401, "wants a login: " + e.getMessage(), List.of(), e);
        }
    }

    private static String basic(Login.Password login) {
        String pair = login.username() + ":" + login.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private Token fetch(Challenge challenge, Scopes scopes, @Nullable Login login) throws IOException {
        URI realm = realm(challenge);
        String service = challenge.parameter("service");
        List<String> wanted = scopes.plus(List.of(challenge.parameter("scope").split(" ", -1)))
                .scopes();
        Call call;
        if (login instanceof Login.IdentityToken identity) {
            StringBuilder form = new StringBuilder("grant_type=refresh_token");
            parameter(form, "client_id", CLIENT_ID);
            parameter(form, "service", service);
            parameter(form, "scope", String.join(" ", wanted));
            parameter(form, "refresh_token", identity.token());
            call = call("POST", realm, Map.of("Content-Type", "application/x-www-form-urlencoded"), form.toString());
        } else {
            StringBuilder query = new StringBuilder(realm.getRawQuery() == null ? "" : realm.getRawQuery());
            parameter(query, "service", service);
            wanted.forEach(scope -> parameter(query, "scope", scope));
            Map<String, String> headers = Map.of();
            if (login instanceof Login.Password password) {
                parameter(query, "account", password.username());
                headers = Map.of("Authorization", basic(password));
            }
            String base = realm.toString().split("[?#]", 2)[0];
            call = call("GET", URI.create(query.isEmpty() ? base : base + "?" + query), headers, null);
        }
        byte[] answer;
        try (Reply reply = fetcher.fetch(call)) {
            answer = reply.body().readNBytes(MAX_TOKEN_ANSWER);
        }
        return token(answer, realm);
    }

    private static Token token(byte[] answer, URI realm) throws IOException {
        Map<?, ?> fields;
        try {
            fields = LooseJson.object(answer);
        } catch (IOException e) {
            throw new RegistryException(
                    Kind.PROTOCOL, "GET", realm, 200, "the token server's answer is not JSON", List.of(), e);
        }
        String token = LooseJson.text(fields, "token");
        if (token.isEmpty()) {
            token = LooseJson.text(fields, "access_token");
        }
        if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new RegistryException(Kind.PROTOCOL, "GET", realm, "the token server answered without a token");
        }
        long life = fields.get("expires_in") instanceof Number number ? number.longValue() : 0;
        life = Math.clamp(life, SHORTEST_LIFE_SECONDS, TimeUnit.DAYS.toSeconds(1));
        // Renewed a little early: a request may be on its way when the token ends.
        return new Token("Bearer " + token, System.nanoTime() + TimeUnit.SECONDS.toNanos(life) * 9 / 10);
    }

    private URI realm(Challenge challenge) throws IOException {
        String text = challenge.parameter("realm");
        URI asked = endpoint.base();
        try {
            URI realm = asked.resolve(text);
            boolean secure = "https".equals(realm.getScheme());
            boolean plain = "http".equals(realm.getScheme())
                    && (endpoint.isHttp() || Endpoint.isLoopback(realm.getRawAuthority()));
            if (text.isEmpty() || realm.getHost() == null || !(secure || plain)) {
                throw new RegistryException(
                        Kind.PROTOCOL, "GET", asked, "refusing to send logins to the token server \"" + text + '"');
            }
            return realm;
        } catch (IllegalArgumentException e) {
            throw new RegistryException(
                    Kind.PROTOCOL, "GET", asked, 401, "the token server's URL is not one: " + text, List.of(), e);
        }
    }

    private Call call(String method, URI uri, Map<String, String> headers, @Nullable String form) {
        return new Call(
                method,
                endpoint,
                () -> uri,
                new Scopes(List.of()),
                headers,
                Set.of(200),
                form == null ? null : () -> BodyPublishers.ofString(form));
    }

    private static void parameter(StringBuilder query, String name, String value) {
        if (!value.isEmpty()) {
            query.append(query.isEmpty() ? "" : "&")
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
