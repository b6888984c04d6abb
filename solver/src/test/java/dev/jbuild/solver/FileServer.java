package dev.jbuild.solver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Files on the loopback: some of a directory, some that a test describes.
final class FileServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final @Nullable Path directory;

    /// What was asked: `METHOD PATH STATUS`.
    final List<String> requests = new CopyOnWriteArrayList<>();

    /// The logins that were sent.
    final List<String> logins = new CopyOnWriteArrayList<>();

    /// The ranges that were asked for: `bytes=5- if "etag"`.
    final List<String> ranges = new CopyOnWriteArrayList<>();

    /// What takes the place of a file when its download has broken off.
    final Map<String, Page> afterwards = new ConcurrentHashMap<>();

    /// The `Authorization` that is asked for, empty for none.
    volatile String authorization = "";

    /// @param breaksOff how often the connection ends in the middle of the file
    record Page(byte[] body, Map<String, String> headers, int status, int[] breaksOff) {}

    FileServer(@Nullable Path directory) throws IOException {
        this.directory = directory;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    String url(String path) {
        return "http://" + host() + path;
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /// @param headers `NAME: VALUE`
    void put(String path, String body, String... headers) {
        put(path, body.getBytes(StandardCharsets.UTF_8), 200, headers);
    }

    void put(String path, byte[] body, int status, String... headers) {
        Map<String, String> map = new LinkedHashMap<>();
        for (String header : headers) {
            map.put(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
        }
        pages.put(path, new Page(body, map, status, new int[1]));
    }

    void breakOff(String path, int times) {
        Objects.requireNonNull(pages.get(path)).breaksOff()[0] = times;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            int status = send(exchange, path);
            requests.add(exchange.getRequestMethod() + " " + path + " " + status);
        }
    }

    private int send(HttpExchange exchange, String path) throws IOException {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (given != null) {
            logins.add(given);
        }
        if (!authorization.isEmpty() && !authorization.equals(given)) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=test");
            exchange.sendResponseHeaders(401, -1);
            return 401;
        }
        Page page = pages.get(path);
        if (page == null) {
            return sendFile(exchange, path);
        }
        page.headers().forEach(exchange.getResponseHeaders()::set);
        if (page.status() != 200) {
            exchange.sendResponseHeaders(page.status(), -1);
            return page.status();
        }
        String etag = page.headers().get("ETag");
        String modified = page.headers().get("Last-Modified");
        String match = exchange.getRequestHeaders().getFirst("If-None-Match");
        String since = exchange.getRequestHeaders().getFirst("If-Modified-Since");
        if ((etag != null && etag.equals(match)) || (etag == null && modified != null && modified.equals(since))) {
            exchange.sendResponseHeaders(304, -1);
            return 304;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        String same = exchange.getRequestHeaders().getFirst("If-Range");
        if (range != null) {
            ranges.add(range + " if " + same);
        }
        String now = etag == null ? modified : etag;
        boolean part = range != null && now != null && now.equals(same);
        int from = part ? Integer.parseInt(range.replaceAll("[^0-9]", "")) : 0;
        int length = page.body().length - from;
        boolean broken = page.breaksOff()[0]-- > 0;
        if (part) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (page.body().length - 1) + "/" + page.body().length);
        }
        exchange.sendResponseHeaders(part ? 206 : 200, length);
        exchange.getResponseBody().write(page.body(), from, broken ? length / 2 : length);
        if (broken) {
            exchange.getResponseBody().flush();
            pages.computeIfPresent(path, (name, old) -> afterwards.getOrDefault(name, old));
        }
        return part ? 206 : 200;
    }

    private int sendFile(HttpExchange exchange, String path) throws IOException {
        Path file = directory == null ? Path.of("/nothing") : directory.resolve(path.substring(1));
        if (!Files.isRegularFile(file)) {
            exchange.sendResponseHeaders(404, -1);
            return 404;
        }
        byte[] body = Files.readAllBytes(file);
        exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        return 200;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
