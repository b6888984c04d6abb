package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Downloads files from anywhere on the web: redirected, and again if that may help.
///
/// A login in the URL is sent to the server that the URL names and to no other, and no message repeats it.
public final class WebClient {
    private static final int MAX_REDIRECTS = 10;

    private final RegistryConfig config;
    private final RegistryOptions options;
    private final Connections connections;

    /// Takes what comes. It may be called again after the connection broke, and then begins anew, unless the server
    /// could go on where it ended.
    @FunctionalInterface
    public interface Reader<T> {
        T read(WebReply reply) throws IOException;
    }

    WebClient(RegistryConfig config, RegistryOptions options, Connections connections) {
        this.config = config;
        this.options = options;
        this.connections = connections;
    }

    /// Downloads a file.
    ///
    /// @param uri of scheme http or https
    /// @param headers sent along; `Authorization` only as far as the server that the URI names
    /// @throws RegistryException if there is no such file, or the server does not answer; anything else
    ///     that the reader throws comes through after the last attempt
    public <T> T get(URI uri, Map<String, String> headers, Reader<T> reader) throws IOException {
        URI first = withoutLogin(uri);
        Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        String login = login(uri);
        if (login != null) {
            sent.put("Authorization", login);
        }
        sent.putAll(headers);
        Retry retry = new Retry(options);
        while (true) {
            try (Reply reply = redirected(first, sent)) {
                if (reply.status() == 304 || (reply.isSuccess() && reply.status() != 206)) {
                    try (WebStream body = new WebStream(reply, more -> redirected(first, resumed(sent, more)), retry)) {
                        return reader.read(new WebReply(reply.status() == 304, reply.headers(), body));
                    }
                }
                if (!retry.again(reply)) {
                    throw failure(reply);
                }
            } catch (RegistryException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if (!retry.again(e)) {
                    throw unreachable(first, e, connections.via(first));
                }
            }
        }
    }

    // What asks whether the file is another one would be answered before the range is looked at.
    private static Map<String, String> resumed(Map<String, String> headers, Map<String, String> more) {
        Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        sent.putAll(headers);
        sent.remove("If-None-Match");
        sent.remove("If-Modified-Since");
        sent.putAll(more);
        return sent;
    }

    private Reply redirected(URI first, Map<String, String> headers) throws IOException {
        Map<String, String> sent = new TreeMap<>(headers);
        URI uri = first;
        for (int redirects = 0; ; redirects++) {
            Reply reply = connections.send("GET", uri, config.settings(uri.getRawAuthority()), sent, null, 0);
            String location = reply.header("Location").orElse("");
            if (!RegistryHttp.isRedirect(reply.status()) || location.isEmpty()) {
                return reply;
            }
            reply.close();
            URI next = withoutLogin(RegistryHttp.target("GET", uri, location));
            if (redirects >= MAX_REDIRECTS) {
                throw new RegistryException(Kind.PROTOCOL, "GET", first, "more than " + MAX_REDIRECTS + " redirects");
            }
            if (!RegistryHttp.sameOrigin(first, next)) {
                sent.remove("Authorization");
            }
            uri = next;
        }
    }

    private static RegistryException unreachable(URI uri, IOException cause, Proxies.@Nullable Via via) {
        if (RegistryHttp.speaksNoTls(cause)) {
            String problem = uri.getRawAuthority() + " does not speak TLS there: should it be http://?";
            return new RegistryException(Kind.UNREACHABLE, "GET", uri, 0, problem, List.of(), cause);
        }
        return RegistryHttp.unreachable("GET", uri, cause, via);
    }

    private static RegistryException failure(Reply reply) {
        Kind kind = switch (reply.status()) {
            case 401 -> Kind.UNAUTHORIZED;
            case 403 -> Kind.DENIED;
            case 404, 410 -> Kind.NOT_FOUND;
            case 407 -> Kind.UNREACHABLE;
            case 429 -> Kind.RATE_LIMITED;
            default -> Retry.isTransient(reply.status()) ? Kind.UNREACHABLE : Kind.PROTOCOL;
        };
        String problem = switch (kind) {
            case UNAUTHORIZED -> "login needed";
            case DENIED -> "access denied";
            case NOT_FOUND -> "not found";
            case RATE_LIMITED -> "too many requests";
            case UNREACHABLE, PROTOCOL, CORRUPT, OFFLINE ->
                reply.status() == 407 ? RegistryHttp.PROXY_LOGIN : "unexpected status";
        };
        return new RegistryException(
                kind, "GET", reply.uri(), reply.status(), problem + " (" + reply.status() + ")", List.of(), null);
    }

    private static @Nullable String login(URI uri) {
        String user = uri.getRawUserInfo();
        if (user == null) {
            return null;
        }
        String plain = URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
        String pair = plain.indexOf(':') < 0 ? plain + ":" : plain;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    // The JDK's client has no use for a login there, nor for a fragment.
    private static URI withoutLogin(URI uri) throws RegistryException {
        String authority = uri.getRawAuthority();
        String query = uri.getRawQuery();
        String path = uri.getRawPath();
        try {
            return new URI(uri.getScheme()
                    + "://"
                    + authority.substring(authority.lastIndexOf('@') + 1)
                    + (path == null || path.isEmpty() ? "/" : path)
                    + (query == null ? "" : "?" + query));
        } catch (URISyntaxException e) {
            throw new RegistryException(Kind.PROTOCOL, "GET", uri, 0, "not a URL", List.of(), e);
        }
    }
}
