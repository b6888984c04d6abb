package dev.jbuild.layerstore.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// A token server as the distribution specification describes it: it signs JSON web tokens for one login,
/// by password or refresh token, and for nobody in particular if they are for pulling.
public final class TokenServer implements AutoCloseable {
    private static final String ISSUER = "jbuild-test";

    private final HttpServer server;
    private final PrivateKey key;
    private final X509Certificate certificate;
    private final String login;
    private final String refreshToken;
    private final long lifeSeconds;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private TokenServer(
            HttpServer server,
            PrivateKey key,
            X509Certificate certificate,
            String login,
            String refreshToken,
            long lifeSeconds) {
        this.server = server;
        this.key = key;
        this.certificate = certificate;
        this.login = login;
        this.refreshToken = refreshToken;
        this.lifeSeconds = lifeSeconds;
        server.createContext("/token", this::answer);
        server.start();
    }

    /// Starts one on a free loopback port.
    ///
    /// @param login `user:password`
    /// @param lifeSeconds how long its tokens are good
    public static TokenServer start(
            PrivateKey key, X509Certificate certificate, String login, String refreshToken, long lifeSeconds) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            return new TokenServer(server, key, certificate, login, refreshToken, lifeSeconds);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What to write into a docker-registry's configuration.
    ///
    /// @param certificates a PEM file with the certificate
    public String settings(String certificates) {
        return "auth: {token: {realm: \"http://127.0.0.1:%d/token\", service: jbuild-registry, issuer: %s, rootcertbundle: \"%s\"}}"
                .formatted(server.getAddress().getPort(), ISSUER, certificates);
    }

    /// What was asked for: how, by whom, and for which scopes.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean post = exchange.getRequestMethod().equals("POST");
            String query = post
                    ? new String(exchange.getRequestBody().readAllBytes(), UTF_8)
                    : String.valueOf(exchange.getRequestURI().getRawQuery());
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            boolean known = post
                    ? values(query, "refresh_token").contains(refreshToken)
                    : ("Basic " + Base64.getEncoder().encodeToString(login.getBytes(UTF_8))).equals(authorization);
            boolean wrong = !known && (post || authorization != null);
            List<String> scopes = values(query, "scope").stream()
                    .flatMap(scope -> Arrays.stream(scope.split(" ", -1)))
                    .toList();
            asked.add(exchange.getRequestMethod() + " " + (wrong ? "stranger" : known ? "known" : "anyone") + " "
                    + scopes);
            String body = wrong
                    ? "{\"details\":\"incorrect username or password\"}"
                    : "{\"%s\":\"%s\",\"expires_in\":%d}"
                            .formatted(post ? "access_token" : "token", token(scopes, known), lifeSeconds);
            exchange.sendResponseHeaders(wrong ? 401 : 200, body.length());
            exchange.getResponseBody().write(body.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private String token(List<String> scopes, boolean known) throws GeneralSecurityException {
        List<String> access = new ArrayList<>();
        for (String scope : scopes) {
            int colon = scope.lastIndexOf(':');
            String[] resource = scope.substring(0, Math.max(colon, 0)).split(":", 2);
            List<String> actions = Arrays.stream(scope.substring(colon + 1).split(",", -1))
                    .filter(action -> known || action.equals("pull"))
                    .map(action -> '"' + action + '"')
                    .toList();
            if (resource.length == 2) {
                access.add("{\"type\":\"%s\",\"name\":\"%s\",\"actions\":[%s]}"
                        .formatted(resource[0], resource[1], String.join(",", actions)));
            }
        }
        // Registries allow for clocks that differ by a minute: what is to end soon begins as if it were
        // over.
        long now = Instant.now().getEpochSecond();
        String header = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"x5c\":[\"%s\"]}"
                .formatted(Base64.getEncoder().encodeToString(certificate.getEncoded()));
        String claims =
                "{\"iss\":\"%s\",\"sub\":\"me\",\"aud\":\"jbuild-registry\",\"exp\":%d,\"nbf\":%d,\"iat\":%d,\"jti\":\"%d\",\"access\":[%s]}"
                        .formatted(
                                ISSUER,
                                now + lifeSeconds,
                                now - 60,
                                now,
                                System.nanoTime(),
                                access.stream().collect(Collectors.joining(",")));
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String signed =
                encoder.encodeToString(header.getBytes(UTF_8)) + "." + encoder.encodeToString(claims.getBytes(UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(signed.getBytes(UTF_8));
        return signed + "." + encoder.encodeToString(signature.sign());
    }

    private static List<String> values(String query, String name) {
        return Arrays.stream(query.split("&", -1))
                .filter(part -> part.startsWith(name + "="))
                .map(part -> URLDecoder.decode(part.substring(name.length() + 1), UTF_8))
                .toList();
    }
}
