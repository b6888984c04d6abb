package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.RegistryException.Detail;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Sends calls: authorized, redirected, again if need be; and turns every other outcome into a
/// [RegistryException].
final class RegistryHttp implements AutoCloseable {
    static final String PROXY_LOGIN =
            "the proxy wants a login: set HTTP_PROXY and HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT";

    private static final int MAX_REDIRECTS = 5;

    private final RegistryConfig config;
    private final RegistryOptions options;
    private final Credentials credentials;
    private final Connections connections;
    private final Map<Endpoint, Authorizer> authorizers = new ConcurrentHashMap<>();

    RegistryHttp(RegistryConfig config, RegistryOptions options, Credentials credentials) {
        this.config = config;
        this.options = options;
        this.credentials = credentials;
        this.connections = new Connections(options, config.proxies());
    }

    /// Downloads over the same connections.
    WebClient web() {
        return new WebClient(config, options, connections);
    }

    /// Sends a call until there is an accepted answer or no hope.
    Reply send(Call call) throws IOException {
        return send(call, new Retry(options));
    }

    /// The same, with an account of failures that the caller keeps.
    Reply send(Call call, Retry retry) throws IOException {
        Authorizer authorizer = authorizers.computeIfAbsent(
                call.endpoint(),
                endpoint -> new Authorizer(endpoint, credentials, token -> attempts(token, null, new Retry(options))));
        return attempts(call, authorizer, retry);
    }

    private Reply attempts(Call call, @Nullable Authorizer authorizer, Retry retry) throws IOException {
        while (true) {
            URI uri = call.uri().get();
            try {
                Reply reply = authorized(call, uri, authorizer);
                if (call.accepted().contains(reply.status())) {
                    return reply;
                }
                List<Detail> details = reply.readDetails();
                if (!retry.again(reply)) {
                    throw failure(call, reply, details, authorizer);
                }
            } catch (RegistryException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if ("https".equals(uri.getScheme())
                        && speaksNoTls(e)
                        && call.endpoint().fallBackToHttp()) {
                    continue;
                }
                if (!retry.again(e)) {
                    throw unreachable(call.method(), uri, e, connections.via(uri));
                }
            }
        }
    }

    private Reply authorized(Call call, URI uri, @Nullable Authorizer authorizer) throws IOException {
        if (authorizer == null) {
            return redirected(call, uri, null);
        }
        if (!sameOrigin(call.endpoint().base(), uri)) {
            return redirected(call, uri, null);
        }
        String header = authorizer.header(call.scopes());
        Reply reply = redirected(call, uri, header);
        // Only the registry's own challenge is answered, not one of where it sent us.
        if (reply.status() != 401 || !sameOrigin(uri, reply.uri())) {
            return reply;
        }
        List<Challenge> challenges = Challenge.parse(reply.headers().allValues("WWW-Authenticate"));
        String next = authorizer.answer(challenges, call.scopes(), header);
        if (next == null) {
            return reply;
        }
        reply.readDetails();
        return redirected(call, uri, next);
    }

    private Reply redirected(Call call, URI first, @Nullable String authorization) throws IOException {
        Map<String, String> headers = new TreeMap<>(call.headers());
        if (authorization != null) {
            headers.put("Authorization", authorization);
        }
        URI uri = first;
        for (int redirects = 0; ; redirects++) {
            Call.Body body = call.body();
            Reply reply = connections.send(
                    call.method(),
                    uri,
                    sameOrigin(first, uri) ? call.endpoint().settings() : config.settings(uri.getRawAuthority()),
                    headers,
                    body == null ? null : body.publisher(),
                    call.digested());
            String location = reply.header("Location").orElse("");
            if (!isRedirect(reply.status()) || location.isEmpty() || !call.isRead()) {
                return reply;
            }
            reply.readDetails();
            URI next = target(call.method(), uri, location);
            if (redirects >= MAX_REDIRECTS) {
                throw new RegistryException(
                        Kind.PROTOCOL, call.method(), first, "more than " + MAX_REDIRECTS + " redirects");
            }
            if (!sameOrigin(first, next)) {
                // Storage behind a registry has its own signature in the URL; our login is none of its
                // business.
                headers.remove("Authorization");
            }
            uri = next;
        }
    }

    static boolean isRedirect(int status) {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> true;
            default -> false;
        };
    }

    static URI target(String method, URI from, String location) throws RegistryException {
        URI next;
        try {
            next = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new RegistryException(Kind.PROTOCOL, method, from, 0, "redirects to what is no URL", List.of(), e);
        }
        boolean web = "https".equals(next.getScheme()) || "http".equals(next.getScheme());
        boolean weaker = "https".equals(from.getScheme()) && "http".equals(next.getScheme());
        if (!web || weaker || next.getHost() == null) {
            throw new RegistryException(
                    Kind.PROTOCOL, method, from, "refusing the redirect to " + RegistryException.withoutSecrets(next));
        }
        return next;
    }

    static boolean sameOrigin(URI one, URI other) {
        return String.valueOf(one.getScheme()).equals(other.getScheme())
                && String.valueOf(one.getRawAuthority())
                        .toLowerCase(Locale.ROOT)
                        .equals(String.valueOf(other.getRawAuthority()).toLowerCase(Locale.ROOT));
    }

    private static RegistryException failure(
            Call call, Reply reply, List<Detail> details, @Nullable Authorizer authorizer) {
        boolean manyRequests = details.stream().anyMatch(detail -> detail.code().equals("TOOMANYREQUESTS"));
        Kind kind = manyRequests
                ? Kind.RATE_LIMITED
                : switch (reply.status()) {
                    case 401 -> Kind.UNAUTHORIZED;
                    case 403 -> Kind.DENIED;
                    case 404 -> Kind.NOT_FOUND;
                    case 407 -> Kind.UNREACHABLE;
                    case 429 -> Kind.RATE_LIMITED;
                    default -> Retry.isTransient(reply.status()) ? Kind.UNREACHABLE : Kind.PROTOCOL;
                };
        StringBuilder problem = new StringBuilder();
        problem.append(
                switch (kind) {
                    case NOT_FOUND -> "not found";
                    case UNAUTHORIZED ->
                        authorizer == null
                                ? "the login for " + call.endpoint().loginName() + " is not accepted"
                                : "login needed, or no such repository: try docker login "
                                        + call.endpoint().loginName();
                    case DENIED -> "access denied";
                    case RATE_LIMITED -> "too many requests";
                    case UNREACHABLE, PROTOCOL, CORRUPT, OFFLINE ->
                        reply.status() == 407 ? PROXY_LOGIN : "unexpected status";
                });
        problem.append(" (").append(reply.status());
        String said = details.stream()
                .map(detail -> (detail.code() + " " + detail.message()).strip())
                .collect(Collectors.joining("; "));
        problem.append(said.isEmpty() ? ")" : ", " + said + ")");
        Duration wait = Retry.retryAfter(reply);
        if (wait != null && wait.isPositive()) {
            problem.append("; it asks to come back in ")
                    .append(wait.toSeconds())
                    .append(" s");
        }
        String login = authorizer == null ? null : authorizer.problem();
        if (login != null && (kind == Kind.UNAUTHORIZED || kind == Kind.DENIED)) {
            problem.append("; ").append(login);
        }
        return new RegistryException(
                kind, call.method(), reply.uri(), reply.status(), problem.toString(), details, null);
    }

    static RegistryException unreachable(String method, URI uri, IOException cause, Proxies.@Nullable Via via) {
        String host = uri.getRawAuthority();
        String problem;
        if (cause instanceof ConnectException) {
            boolean unknown = cause.getCause() instanceof UnresolvedAddressException
                    || (cause.getCause() != null && cause.getCause().getCause() instanceof UnresolvedAddressException);
            String whom = via == null ? host : "the proxy " + via;
            problem = unknown ? "there is no host " + whom : "no connection to " + whom;
        } else if (speaksNoTls(cause)) {
            problem = host + " does not speak TLS: if it is meant to, set http = true in [registry.\"" + host + "\"]";
        } else if (cause instanceof SSLException) {
            problem = "TLS with " + host + " failed: " + cause.getMessage() + "; set ca in [registry.\"" + host
                    + "\"] if it has a certificate of its own authority";
        } else {
            problem = (via == null ? "connection failed: " : "connection by the proxy " + via + " failed: ")
                    + (cause.getMessage() == null ? cause : cause.getMessage());
        }
        return new RegistryException(Kind.UNREACHABLE, method, uri, 0, problem, List.of(), cause);
    }

    // The JDK has two ways to say it, and no type for it.
    static boolean speaksNoTls(IOException failure) {
        return failure instanceof SSLException
                && String.valueOf(failure.getMessage()).contains("nrecognized SSL message");
    }

    @Override
    public void close() {
        connections.close();
    }
}
