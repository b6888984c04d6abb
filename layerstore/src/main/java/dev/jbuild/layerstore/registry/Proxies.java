package dev.jbuild.layerstore.registry;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which proxy leads to a host: what `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say, in upper or lower
/// case.
///
/// Loopback addresses are never asked for through a proxy.
public final class Proxies {
    /// Everything is reached directly.
    public static final Proxies NONE = new Proxies(null, null, List.of());

    private final @Nullable Via http;
    private final @Nullable Via https;
    private final List<ProxyRule> direct;

    /// A proxy. Prints without the login.
    ///
    /// @param authorization what proves to it who we are, null if nothing is known that does
    record Via(String host, int port, @Nullable String authorization) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    private Proxies(@Nullable Via http, @Nullable Via https, List<ProxyRule> direct) {
        this.http = http;
        this.https = https;
        this.direct = List.copyOf(direct);
    }

    /// The proxies of an environment. The variable in upper case wins.
    ///
    /// @throws IllegalArgumentException naming the variable, and not its login, if it names no proxy that
    ///     can be used
    public static Proxies of(Map<String, String> environment) {
        Via http = proxy(environment, "HTTP_PROXY");
        Via https = proxy(environment, "HTTPS_PROXY");
        if (http == null && https == null) {
            return NONE;
        }
        String direct = value(environment, "NO_PROXY");
        return new Proxies(
                http,
                https,
                Arrays.stream((direct == null ? "" : direct).split(",", -1))
                        .map(ProxyRule::parse)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static @Nullable String value(Map<String, String> environment, String name) {
        String upper = environment.get(name);
        String value = upper == null || upper.isBlank() ? environment.get(name.toLowerCase(Locale.ROOT)) : upper;
        return value == null || value.isBlank() ? null : value.strip();
    }

    private static @Nullable Via proxy(Map<String, String> environment, String name) {
        String value = value(environment, name);
        if (value == null) {
            return null;
        }
        URI uri;
        try {
            uri = URI.create(value.contains("://") ? value : "http://" + value);
        } catch (IllegalArgumentException e) {
            // Its message would repeat the password.
            throw new IllegalArgumentException(name + " is not a URL: expected http://[USER:PASSWORD@]HOST[:PORT]");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException(name + " names no host: expected http://[USER:PASSWORD@]HOST[:PORT]");
        }
        if (!"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(name + " is of the kind " + uri.getScheme()
                    + "://, which is not supported: expected http://[USER:PASSWORD@]HOST[:PORT]");
        }
        String user = uri.getRawUserInfo();
        String authorization = null;
        if (user != null) {
            String plain = URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
            String pair = plain.indexOf(':') < 0 ? plain + ":" : plain;
            authorization = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        }
        return new Via(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort(), authorization);
    }

    /// The proxy by which to reach this address, null if it is reached directly.
    @Nullable
    Via via(URI uri) {
        boolean secure = "https".equals(uri.getScheme());
        Via via = secure ? https : http;
        String host = uri.getHost();
        if (via == null || host == null || Endpoint.isLoopback(host)) {
            return null;
        }
        String name = host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "").replaceFirst("\\.$", "");
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        return direct.stream().anyMatch(rule -> rule.matches(name, port)) ? null : via;
    }

    /// The same in the words of the JDK's client.
    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                Via via = via(uri);
                return List.of(
                        via == null
                                ? Proxy.NO_PROXY
                                : new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(via.host, via.port)));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                // The request's own failure tells.
            }
        };
    }
}
