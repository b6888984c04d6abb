package dev.jbuild.layerstore.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// A registry in this process, on a free loopback port: pull, push, logins, and faults on request.
public final class FakeRegistry implements AutoCloseable {
    private static final Pattern PATH =
            Pattern.compile("/v2/(?<repository>.+?)/(?<kind>manifests|blobs/uploads|blobs)/(?<reference>[^/]*)");

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, Stored> manifests = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Planned> faults = new ArrayList<>();
    private final AtomicInteger uploads = new AtomicInteger();
    private final FakeTokens tokens = new FakeTokens();
    private volatile String blobRedirect = "";
    private volatile boolean tellsDigests = true;

    /// One request as it arrived.
    public record Request(
            String method,
            String path,
            String query,
            @Nullable String authorization,
            @Nullable String range) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    private static final class Stored {
        private final String mediaType;
        private final byte[] bytes;

        Stored(String mediaType, byte[] bytes) {
            this.mediaType = mediaType;
            this.bytes = bytes;
        }
    }

    private record Planned(String method, String pathPart, Fault fault) {}

    private FakeRegistry(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(executor);
        server.start();
    }

    /// Starts one over plain HTTP.
    public static FakeRegistry start() {
        try {
            return new FakeRegistry(HttpServer.create(freePort(), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts one over TLS.
    public static FakeRegistry startTls(SSLContext tls, boolean needsClientCertificate) {
        try {
            HttpsServer server = HttpsServer.create(freePort(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
                    wanted.setNeedClientAuth(needsClientCertificate);
                    parameters.setSSLParameters(wanted);
                }
            });
            return new FakeRegistry(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress freePort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /// `127.0.0.1:port`.
    public String host() {
        return "127.0.0.1:" + port();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public void requireBasic(String user, String password) {
        tokens.require(FakeTokens.Mode.BASIC, user, password, false);
    }

    /// Wants bearer tokens, which its token server gives for this login, or for no login if they are for
    /// pulling.
    public void requireToken(String user, String password, boolean anonymousPull) {
        tokens.require(FakeTokens.Mode.TOKEN, user, password, anonymousPull);
    }

    /// Also gives tokens for this refresh token.
    public void acceptIdentityToken(String token) {
        tokens.identityToken(token);
    }

    public void expireTokens() {
        tokens.expire();
    }

    public int issuedTokens() {
        return tokens.issued();
    }

    /// Sends whoever asks for a blob to this registry instead: `http://host:port`.
    public void redirectBlobsTo(String origin) {
        blobRedirect = origin;
    }

    /// Leaves out `Docker-Content-Digest` from now on.
    public void hideDigests() {
        tellsDigests = false;
    }

    /// Spoils the next answers to requests of this method whose path contains this text, one for each fault.
    public void spoil(String method, String pathPart, Fault... next) {
        synchronized (faults) {
            for (Fault fault : next) {
                faults.add(new Planned(method, pathPart, fault));
            }
        }
    }

    /// Waits until a connection has fallen silent in the middle of a body.
    public void awaitStall() throws InterruptedException {
        stalled.await();
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    /// How many requests of this method had this text in their path.
    public long count(String method, String pathPart) {
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.path().contains(pathPart))
                .count();
    }

    /// Stores a blob.
    public Descriptor putBlob(String repository, String mediaType, byte[] content) {
        Digest digest = Digest.of(content);
        blobs.put(repository + "@" + digest, content);
        return new Descriptor(mediaType, digest, content.length);
    }

    /// Stores a manifest or index, by its digest and under this tag.
    public Descriptor putManifest(String repository, String tag, String mediaType, byte[] content) {
        Digest digest = Digest.of(content);
        manifests.put(repository + "@" + digest, new Stored(mediaType, content));
        manifests.put(repository + "@" + tag, new Stored(mediaType, content));
        return new Descriptor(mediaType, digest, content.length);
    }

    /// Stores an image whose layers are these plain tars, for one platform.
    public Descriptor putImage(
            String repository, String tag, Platform platform, ContainerConfig config, List<byte[]> tars) {
        List<DiffId> diffIds =
                tars.stream().map(tar -> new DiffId(Digest.of(tar))).toList();
        ImageConfig image = ImageConfig.empty(platform).withConfig(config).withDiffIds(diffIds);
        Descriptor configBlob = putBlob(repository, MediaType.OCI_CONFIG, OciJson.write(image));
        List<Descriptor> layers = tars.stream()
                .map(tar -> putBlob(repository, MediaType.OCI_LAYER, tar))
                .toList();
        ImageManifest manifest = new ImageManifest(MediaType.OCI_MANIFEST, configBlob, layers);
        return putManifest(repository, tag, MediaType.OCI_MANIFEST, OciJson.write(manifest))
                .withPlatform(platform);
    }

    /// A stored blob.
    public Optional<byte[]> blob(String repository, Digest digest) {
        return Optional.ofNullable(blobs.get(repository + "@" + digest));
    }

    /// A stored manifest or index, by tag or digest.
    public Optional<byte[]> manifest(String repository, String reference) {
        return Optional.ofNullable(manifests.get(repository + "@" + reference)).map(stored -> stored.bytes);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        executor.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query =
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        String range = exchange.getRequestHeaders().getFirst("Range");
        requests.add(new Request(exchange.getRequestMethod(), path, query, authorization, range));
        byte[] body = exchange.getRequestBody().readAllBytes();
        Fault fault = nextFault(exchange.getRequestMethod(), path);
        try (exchange) {
            Matcher matcher = PATH.matcher(path);
            if (fault instanceof Fault.Status status) {
                status.headers().forEach(exchange.getResponseHeaders()::set);
                answer(exchange, status.status(), status.body().getBytes(UTF_8), null);
            } else if (path.equals("/token")) {
                token(exchange, query, new String(body, UTF_8), authorization);
            } else if (!matcher.matches()) {
                answer(exchange, path.equals("/v2/") ? 200 : 404, new byte[0], fault);
            } else {
                String repository = matcher.group("repository");
                String action = exchange.getRequestMethod().matches("GET|HEAD") ? "pull" : "pull,push";
                String challenge = tokens.challenge(host(), repository, action, authorization);
                if (challenge != null) {
                    exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
                    error(exchange, 401, "UNAUTHORIZED", "authentication required");
                } else {
                    switch (matcher.group("kind")) {
                        case "manifests" -> manifest(exchange, repository, matcher.group("reference"), body, fault);
                        case "blobs" -> blob(exchange, repository, matcher.group("reference"), fault);
                        default -> upload(exchange, repository, query, body);
                    }
                }
            }
        }
    }

    private @Nullable Fault nextFault(String method, String path) {
        synchronized (faults) {
            for (Planned planned : faults) {
                if (planned.method.equals(method) && path.contains(planned.pathPart)) {
                    faults.remove(planned);
                    return planned.fault;
                }
            }
            return null;
        }
    }

    private void token(HttpExchange exchange, String query, String form, @Nullable String authorization)
            throws IOException {
        boolean refresh = parameter(form, "grant_type").equals("refresh_token");
        List<String> scopes = new ArrayList<>();
        for (String scope : parameters(refresh ? form : query, "scope")) {
            scopes.addAll(Arrays.asList(scope.split(" ", -1)));
        }
        String token = tokens.issue(scopes, authorization, refresh ? parameter(form, "refresh_token") : null);
        if (token == null) {
            answer(exchange, 401, "{\"details\":\"incorrect username or password\"}".getBytes(UTF_8), null);
        } else {
            answer(exchange, 200, ("{\"token\":\"" + token + "\",\"expires_in\":300}").getBytes(UTF_8), null);
        }
    }

    private void manifest(
            HttpExchange exchange, String repository, String reference, byte[] body, @Nullable Fault fault)
            throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            String type = exchange.getRequestHeaders().getFirst("Content-Type");
            Descriptor stored = putManifest(repository, reference, type, body);
            digestHeader(exchange, stored.digest().toString());
            answer(exchange, 201, new byte[0], fault);
            return;
        }
        Stored stored = manifests.get(repository + "@" + reference);
        if (stored == null) {
            error(exchange, 404, "MANIFEST_UNKNOWN", "manifest unknown");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", stored.mediaType);
        digestHeader(exchange, Digest.of(stored.bytes).toString());
        answer(exchange, 200, stored.bytes, fault);
    }

    private void blob(HttpExchange exchange, String repository, String digest, @Nullable Fault fault)
            throws IOException {
        byte[] content = blobs.get(repository + "@" + digest);
        if (content == null) {
            error(exchange, 404, "BLOB_UNKNOWN", "blob unknown to registry");
            return;
        }
        if (!blobRedirect.isEmpty() && exchange.getRequestMethod().equals("GET")) {
            exchange.getResponseHeaders()
                    .set("Location", blobRedirect + exchange.getRequestURI().getPath() + "?signature=secret");
            answer(exchange, 307, new byte[0], fault);
            return;
        }
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null || fault instanceof Fault.IgnoreRange) {
            answer(exchange, 200, content, fault);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
        answer(exchange, 206, Arrays.copyOfRange(content, from, content.length), fault);
    }

    private void upload(HttpExchange exchange, String repository, String query, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            byte[] mounted = blobs.get(parameter(query, "from") + "@" + parameter(query, "mount"));
            if (mounted != null) {
                putBlob(repository, "", mounted);
                answer(exchange, 201, new byte[0], null);
                return;
            }
            String session = "/v2/" + repository + "/blobs/uploads/" + uploads.incrementAndGet() + "?_state=x%2Fy";
            exchange.getResponseHeaders().set("Location", session);
            answer(exchange, 202, new byte[0], null);
        } else if (!parameter(query, "digest").equals(Digest.of(body).toString())) {
            error(exchange, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
        } else {
            putBlob(repository, "", body);
            answer(exchange, 201, new byte[0], null);
        }
    }

    private void digestHeader(HttpExchange exchange, String digest) {
        if (tellsDigests) {
            exchange.getResponseHeaders().set("Docker-Content-Digest", digest);
        }
    }

    private void error(HttpExchange exchange, int status, String code, String message) throws IOException {
        String json = "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\",\"detail\":null}]}";
        answer(exchange, status, json.getBytes(UTF_8), null);
    }

    private void answer(HttpExchange exchange, int status, byte[] body, @Nullable Fault fault) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        byte[] sent = body.clone();
        int end = sent.length;
        boolean stalls = false;
        int announced = sent.length;
        switch (fault) {
            case Fault.CutAfter(int bytes) -> end = Math.min(bytes, end);
            case Fault.StallAfter(int bytes) -> {
                end = Math.min(bytes, end);
                stalls = true;
            }
            case Fault.TruncateTo(int bytes) -> {
                end = Math.min(bytes, end);
                announced = end;
            }
            case Fault.FlipFirstByte() -> sent[0] ^= 1;
            case Fault.Append(String text) -> {
                byte[] more = text.getBytes(UTF_8);
                sent = Arrays.copyOf(body, end + more.length);
                System.arraycopy(more, 0, sent, end, more.length);
                end = sent.length;
                announced = end;
            }
            case null -> {}
            case Fault.Status whole -> throw new IllegalStateException(whole + " is an answer of its own");
            case Fault.IgnoreRange() -> {}
        }
        exchange.sendResponseHeaders(status, announced == 0 ? -1 : announced);
        exchange.getResponseBody().write(sent, 0, end);
        exchange.getResponseBody().flush();
        if (stalls) {
            stalled.countDown();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String parameter(String query, String name) {
        return parameters(query, name).stream().findFirst().orElse("");
    }

    private static List<String> parameters(String query, String name) {
        return Arrays.stream(query.split("&", -1))
                .filter(part -> part.startsWith(name + "="))
                .map(part -> URLDecoder.decode(part.substring(name.length() + 1), UTF_8))
                .toList();
    }
}
