package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The HTTP clients, one for each way of doing TLS, made when the first request needs them.
final class Connections implements AutoCloseable {
    // Bytes in a second: what an upload has to make at least, and what a registry is trusted to digest.
    private static final long SLOWEST_UPLOAD = 1 << 10;
    private static final long SLOWEST_DIGEST = 4 << 20;
    // The JDK sends no password to a proxy that opens a tunnel unless this is empty.
    private static final String TUNNEL_SCHEMES = "jdk.http.auth.tunneling.disabledSchemes";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private final RegistryOptions options;
    private final Proxies proxies;
    private final Map<Tls, HttpClient> clients = new HashMap<>();
    private @Nullable ExecutorService executor;
    private boolean closed;

    private record Tls(boolean used, boolean insecure, List<Path> ca, List<RegistrySettings.KeyPair> keyPairs) {
        static final Tls NONE = new Tls(false, false, List.of(), List.of());
    }

    Connections(RegistryOptions options, Proxies proxies) {
        this.options = options;
        this.proxies = proxies;
        if (System.getProperty(TUNNEL_SCHEMES) == null) {
            // Read once, when the first client is made; nothing but our own logins is ever sent.
            System.setProperty(TUNNEL_SCHEMES, "");
        }
    }

    /// The proxy by which this address is reached, null if there is none.
    Proxies.@Nullable Via via(URI uri) {
        return proxies.via(uri);
    }

    /// Sends one request, once, and follows no redirect.
    ///
    /// @param digested how many bytes sent before the server may look through before it answers
    Reply send(
            String method,
            URI uri,
            RegistrySettings settings,
            Map<String, String> headers,
            @Nullable BodyPublisher body,
            long digested)
            throws IOException {
        if (options.offline()) {
            throw new RegistryException(Kind.OFFLINE, method, uri, "not asked, because jbuild is offline");
        }
        CountedBody counted = body == null ? null : new CountedBody(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, counted == null ? BodyPublishers.noBody() : counted)
                .header("User-Agent", options.userAgent());
        headers.forEach(request::header);
        Proxies.Via via = proxies.via(uri);
        if (via != null && via.authorization() != null) {
            request.header("Proxy-Authorization", via.authorization());
        }
        HttpClient client = client(uri, settings);
        try {
            HttpResponse<InputStream> response;
            if (counted == null) {
                // Counts until the answer begins.
                request.timeout(options.stall().plusSeconds(digested / SLOWEST_DIGEST));
                response = client.send(request.build(), answer -> new GuardedBody(options.stall()));
            } else {
                response = watched(
                        client.sendAsync(request.build(), answer -> new GuardedBody(options.stall())),
                        counted,
                        digested + counted.contentLength());
            }
            // There is none if a proxy refused to make a tunnel.
            InputStream answer = Objects.requireNonNullElse(response.body(), InputStream.nullInputStream());
            return new Reply(uri, response.statusCode(), response.headers(), answer);
        } catch (InterruptedException e) {
            throw Interruption.of(e);
        }
    }

    // Waits as long as the body goes on being sent, and then for the answer.
    private HttpResponse<InputStream> watched(
            CompletableFuture<HttpResponse<InputStream>> answer, CountedBody body, long digested)
            throws IOException, InterruptedException {
        Duration stall = options.stall();
        long seen = 0;
        boolean sent = false;
        try {
            while (true) {
                try {
                    Duration wait = sent ? stall.plusSeconds(digested / SLOWEST_DIGEST) : stall;
                    return answer.get(wait.toNanos(), TimeUnit.NANOSECONDS);
                } catch (TimeoutException e) {
                    long now = body.taken();
                    boolean slow = now - seen < SLOWEST_UPLOAD * stall.toMillis() / 1000;
                    if (sent || (slow && now < body.contentLength())) {
                        throw new HttpTimeoutException(
                                "no progress for " + stall.toSeconds() + " s after sending " + now + " bytes");
                    }
                    sent = now >= body.contentLength();
                    seen = now;
                }
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case null, default -> throw new IOException(e.getMessage(), e);
            }
        } finally {
            // Ends the connection, unless there is an answer.
            answer.cancel(true);
        }
    }

    private synchronized HttpClient client(URI uri, RegistrySettings settings) throws IOException {
        if (closed) {
            throw new IOException("the registry client is closed");
        }
        Tls tls = "https".equals(uri.getScheme())
                ? new Tls(true, settings.insecure(), settings.ca(), settings.keyPairs())
                : Tls.NONE;
        HttpClient client = clients.get(tls);
        if (client == null) {
            SSLContext context = tls.used ? TlsContext.of(settings) : TlsContext.unused();
            if (executor == null) {
                executor = Executors.newVirtualThreadPerTaskExecutor();
            }
            HttpClient.Builder builder = HttpClient.newBuilder();
            if (proxies != Proxies.NONE) {
                builder.proxy(proxies.selector());
            }
            client = builder.version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .executor(executor)
                    .sslContext(context)
                    .build();
            clients.put(tls, client);
        }
        return client;
    }

    /// Ends all connections and the threads that serve them; a JVM with one of those takes longer to exit.
    @Override
    public synchronized void close() {
        closed = true;
        clients.values().forEach(HttpClient::shutdownNow);
        clients.values().forEach(HttpClient::close);
        clients.clear();
        if (executor != null) {
            executor.shutdownNow();
            executor = null;
        }
    }
}
