package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.registry.RegistryClient.BlobSource;
import dev.jbuild.layerstore.registry.RegistryClient.PushOutcome;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One blob on its way to a repository: in one request, or in pieces if it is large. What breaks off goes
/// on where the registry says that it ended, or else begins anew.
final class BlobUpload {
    private static final Map<String, String> BYTES = Map.of("Content-Type", "application/octet-stream");
    private static final Pattern RANGE = Pattern.compile("(?:bytes[= ])?0-([0-9]{1,18})(/.*)?");

    private final RegistryHttp http;
    private final RegistryOptions options;
    private final Endpoint endpoint;
    private final ImageReference target;
    private final Descriptor blob;
    // Where to send more, and how much the registry has.
    private URI session = URI.create("");
    private long offset;
    private long piece;
    private boolean strange;

    BlobUpload(RegistryHttp http, RegistryOptions options, Endpoint endpoint, ImageReference target, Descriptor blob) {
        this.http = http;
        this.options = options;
        this.endpoint = endpoint;
        this.target = target;
        this.blob = blob;
    }

    PushOutcome push(@Nullable ImageReference mountFrom, BlobSource source) throws IOException {
        if (exists()) {
            return PushOutcome.EXISTED;
        }
        if (mountFrom == null) {
            begin();
        } else if (mount(mountFrom)) {
            return PushOutcome.MOUNTED;
        }
        Retry retry = new Retry(options);
        try (SourceReader reader = new SourceReader(source)) {
            while (true) {
                long before = offset;
                try {
                    send(reader);
                    return PushOutcome.UPLOADED;
                } catch (RegistryException e) {
                    reader.throwOwnFailure();
                    if (offset - before >= options.chunk()) {
                        retry.reset();
                    }
                    recover(e, retry);
                }
            }
        }
    }

    // Everything that the registry does not have yet.
    private void send(SourceReader reader) throws IOException {
        boolean pieces = endpoint.takesPieces() && (blob.size() > piece || offset > 0);
        while (pieces && offset < blob.size()) {
            sendPiece(reader);
        }
        URI uri = URI.create(session + (session.getRawQuery() == null ? "?" : "&") + "digest=" + blob.digest());
        boolean whole = !pieces && blob.size() > 0;
        send("PUT", uri, BYTES, Set.of(200, 201, 202, 204), whole ? () -> reader.body(0, blob.size(), true) : null)
                .close();
    }

    private void sendPiece(SourceReader reader) throws IOException {
        long from = offset;
        long length = Math.min(piece, blob.size() - from);
        Map<String, String> headers =
                Map.of("Content-Type", "application/octet-stream", "Content-Range", from + "-" + (from + length - 1));
        try (Reply reply = send(
                "PATCH",
                session,
                headers,
                Set.of(200, 201, 202, 204),
                () -> reader.body(from, length, from + length == blob.size()))) {
            offset = from + length;
            follow(reply, false);
            if (offset <= from || offset > from + length) {
                throw new RegistryException(
                        Kind.PROTOCOL,
                        "PATCH",
                        reply.uri(),
                        "got bytes " + from + " to " + (from + length - 1) + " but says that it has "
                                + reply.header("Range").orElse("none"));
            }
        }
    }

    // Makes ready for another attempt.
    private void recover(RegistryException failure, Retry retry) throws IOException {
        boolean ofPiece = failure.method().equals("PATCH");
        boolean unknown =
                failure.details().stream().anyMatch(detail -> detail.code().startsWith("BLOB_UPLOAD_"));
        boolean refused = failure.kind() == Kind.PROTOCOL && failure.status() != 416 && (!unknown || strange);
        strange |= unknown;
        if (ofPiece && refused && endpoint.takesPieces()) {
            // Some registries take a blob only as a whole.
            endpoint.refusesPieces();
            begin();
            return;
        }
        boolean later = failure.kind() == Kind.UNREACHABLE || failure.kind() == Kind.RATE_LIMITED;
        // A restarted registry knows nothing of the upload that it began, or something else than we do.
        if ((!later && !unknown && failure.status() != 416) || !retry.again(failure)) {
            throw failure;
        }
        if (!later || !endpoint.takesPieces() || !resume()) {
            begin();
        }
    }

    /// Asks how much has arrived.
    private boolean resume() throws IOException {
        Call get = new Call(
                "GET", endpoint, () -> session, Scopes.push(repository()), Map.of(), Set.of(200, 202, 204), null);
        try (Reply reply = http.send(get)) {
            offset = 0;
            follow(reply, false);
            return offset <= blob.size();
        } catch (RegistryException e) {
            return switch (e.kind()) {
                case NOT_FOUND, PROTOCOL, DENIED -> false;
                case UNREACHABLE, RATE_LIMITED, UNAUTHORIZED, CORRUPT, OFFLINE -> throw e;
            };
        }
    }

    private boolean exists() throws IOException {
        Call head = call("HEAD", "blobs/" + blob.digest(), Scopes.push(repository()), Set.of(200, 404));
        try (Reply reply = http.send(head)) {
            return reply.status() == 200;
        }
    }

    // A registry that will not mount starts an upload.
    private boolean mount(ImageReference from) throws IOException {
        String query = "?mount=" + blob.digest() + "&from=" + from.repository();
        Scopes scopes =
                Scopes.push(repository()).plus(Scopes.pull(from.repository()).scopes());
        try (Reply reply = http.send(call("POST", "blobs/uploads/" + query, scopes, Set.of(201, 202)))) {
            if (reply.status() == 201) {
                return true;
            }
            offset = 0;
            follow(reply, true);
            return false;
        } catch (RegistryException e) {
            switch (e.kind()) {
                // It was worth asking. Some registries know of no mounts, others not of that repository.
                case UNAUTHORIZED, DENIED, NOT_FOUND, PROTOCOL -> begin();
                case UNREACHABLE, RATE_LIMITED, CORRUPT, OFFLINE -> throw e;
            }
            return false;
        }
    }

    private void begin() throws IOException {
        try (Reply reply = http.send(call("POST", "blobs/uploads/", Scopes.push(repository()), Set.of(201, 202)))) {
            offset = 0;
            follow(reply, true);
        }
    }

    // Takes over what an answer says of the upload.
    private void follow(Reply reply, boolean begun) throws RegistryException {
        String location = reply.header("Location").orElse("");
        String asked = begun ? "POST" : "PATCH";
        if (begun || !location.isEmpty()) {
            try {
                URI next = reply.uri().resolve(location);
                if (location.isEmpty() || next.getHost() == null) {
                    throw new RegistryException(
                            Kind.PROTOCOL, asked, reply.uri(), "began an upload without saying where");
                }
                session = asSecureAs(reply.uri(), next);
            } catch (IllegalArgumentException e) {
                throw new RegistryException(
                        Kind.PROTOCOL, asked, reply.uri(), reply.status(), "uploads to what is no URL", List.of(), e);
            }
        }
        if (begun) {
            long least =
                    reply.headers().firstValueAsLong("OCI-Chunk-Min-Length").orElse(0);
            piece = Math.max(options.chunk(), least);
            return;
        }
        Matcher range = RANGE.matcher(reply.header("Range").orElse(""));
        if (range.matches()) {
            long last = Long.parseLong(range.group(1));
            // "0-0" also stands for nothing at all.
            offset = last == 0 ? 0 : last + 1;
        }
    }

    // A registry behind a proxy that does TLS often takes itself for a plain one.
    private static URI asSecureAs(URI asked, URI session) throws RegistryException {
        if (!"https".equals(asked.getScheme()) || !"http".equals(session.getScheme())) {
            return session;
        }
        URI secure = URI.create("https" + session.toString().substring("http".length()));
        if (!RegistryHttp.sameOrigin(asked, secure)) {
            throw new RegistryException(
                    Kind.PROTOCOL,
                    "POST",
                    asked,
                    "refusing to upload without TLS to " + RegistryException.withoutSecrets(session));
        }
        return secure;
    }

    // Once: a failure changes what is to be sent next.
    private Reply send(
            String method, URI uri, Map<String, String> headers, Set<Integer> accepted, Call.@Nullable Body body)
            throws IOException {
        Call call = new Call(
                method,
                endpoint,
                () -> uri,
                Scopes.push(repository()),
                headers,
                accepted,
                body == null ? BodyPublishers::noBody : body,
                blob.size());
        return http.send(call, Retry.never(options));
    }

    private Call call(String method, String path, Scopes scopes, Set<Integer> accepted) {
        return new Call(method, endpoint, () -> endpoint.uri(target, path), scopes, Map.of(), accepted, null);
    }

    private String repository() {
        return endpoint.repository(target);
    }
}
