package dev.jbuild.layerstore.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The HTTP clients, one for each way of doing TLS, made when the first request needs them.
final class Connections implements AutoCloseable {
    // Bytes in a second.
    private static final long SLOWEST_UPLOAD = 16 << 10;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private final RegistryOptions options;
    private final Map<Tls, HttpClient> clients = new HashMap<>();
    private @Nullable ExecutorService executor;
    private boolean closed;

    private record Tls(boolean used, boolean insecure, List<Path> ca, List<RegistrySettings.KeyPair> keyPairs) {
        static final Tls NONE = new Tls(false, false, List.of(), List.of());
    }

    Connections(RegistryOptions options) {
        this.options = options;
    }

    /// Sends one request, once, and follows no redirect.
    Reply send(
            String method,
            URI uri,
            RegistrySettings settings,
            Map<String, String> headers,
            @Nullable BodyPublisher body)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, body == null ? BodyPublishers.noBody() : body)
                .header("User-Agent", options.userAgent());
        headers.forEach(request::header);
        // Counts until the answer begins, and so contains the time to send a body over a slow line.
        long size = body == null ? 0 : Math.max(0, body.contentLength());
        request.timeout(options.stall().plusSeconds(size / SLOWEST_UPLOAD));
        try {
            HttpResponse<InputStream> response =
                    client(uri, settings).send(request.build(), answer -> new GuardedBody(options.stall()));
            return new Reply(uri, response.statusCode(), response.headers(), response.body());
        } catch (InterruptedException e) {
            throw Interruption.of(e);
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
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
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
