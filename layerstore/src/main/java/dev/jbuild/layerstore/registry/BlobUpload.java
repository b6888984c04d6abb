package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.registry.RegistryClient.BlobSource;
import dev.jbuild.layerstore.registry.RegistryClient.PushOutcome;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One blob on its way to a repository.
final class BlobUpload {
    private final RegistryHttp http;
    private final RegistryOptions options;
    private final Endpoint endpoint;
    private final ImageReference target;
    private final Descriptor blob;

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
        URI session = mountFrom == null ? null : mount(mountFrom);
        if (session == null && mountFrom != null) {
            return PushOutcome.MOUNTED;
        }
        Retry retry = new Retry(options);
        while (true) {
            try {
                put(session == null ? begin("", Scopes.push(repository())) : session, source);
                return PushOutcome.UPLOADED;
            } catch (RegistryException e) {
                // A restarted registry knows nothing of the upload that it began.
                boolean lost =
                        e.details().stream().anyMatch(detail -> detail.code().equals("BLOB_UPLOAD_UNKNOWN"));
                if ((e.kind() != Kind.UNREACHABLE && e.kind() != Kind.RATE_LIMITED && !lost) || !retry.again(e)) {
                    throw e;
                }
                session = null;
            }
        }
    }

    private boolean exists() throws IOException {
        Call head = call("HEAD", "blobs/" + blob.digest(), Scopes.push(repository()), Set.of(200, 404));
        try (Reply reply = http.send(head)) {
            return reply.status() == 200;
        }
    }

    // Returns null if the blob is there, else where to upload it: a registry that will not mount starts an
    // upload.
    private @Nullable URI mount(ImageReference from) throws IOException {
        String query = "?mount=" + blob.digest() + "&from=" + from.repository();
        Scopes scopes =
                Scopes.push(repository()).plus(Scopes.pull(from.repository()).scopes());
        try {
            return begin(query, scopes);
        } catch (RegistryException e) {
            return switch (e.kind()) {
                case UNAUTHORIZED, DENIED, NOT_FOUND -> begin("", Scopes.push(repository()));
                case UNREACHABLE, RATE_LIMITED, PROTOCOL, CORRUPT -> throw e;
            };
        }
    }

    private @Nullable URI begin(String query, Scopes scopes) throws IOException {
        Call post = call("POST", "blobs/uploads/" + query, scopes, Set.of(201, 202));
        try (Reply reply = http.send(post)) {
            if (reply.status() == 201 && !query.isEmpty()) {
                return null;
            }
            String location = reply.header("Location").orElse("");
            try {
                URI session = reply.uri().resolve(location);
                if (location.isEmpty() || session.getHost() == null) {
                    throw new RegistryException(
                            Kind.PROTOCOL, "POST", reply.uri(), "began an upload without saying where");
                }
                return asSecureAs(reply.uri(), session);
            } catch (IllegalArgumentException e) {
                throw new RegistryException(
                        Kind.PROTOCOL, "POST", reply.uri(), 202, "uploads to what is no URL", List.of(), e);
            }
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

    private void put(@Nullable URI session, BlobSource source) throws IOException {
        if (session == null) {
            throw new IllegalStateException("no upload was begun for " + blob.digest());
        }
        String text = session.toString();
        URI uri = URI.create(text + (session.getRawQuery() == null ? "?" : "&") + "digest=" + blob.digest());
        List<SourceStream> opened = new ArrayList<>();
        Call put = new Call(
                "PUT",
                endpoint,
                () -> uri,
                Scopes.push(repository()),
                Map.of("Content-Type", "application/octet-stream"),
                Set.of(200, 201, 202, 204),
                () -> body(source, opened));
        try {
            http.send(put, Retry.never(options)).close();
        } catch (RegistryException e) {
            for (SourceStream stream : opened) {
                if (stream.failure != null) {
                    // Our own disk failed, not the registry.
                    throw stream.failure;
                }
            }
            throw e;
        } finally {
            for (SourceStream stream : opened) {
                stream.close();
            }
        }
    }

    private BodyPublisher body(BlobSource source, List<SourceStream> opened) throws IOException {
        if (blob.size() == 0) {
            return BodyPublishers.noBody();
        }
        SourceStream stream = new SourceStream(source.open());
        opened.add(stream);
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> stream), blob.size());
    }

    private Call call(String method, String path, Scopes scopes, Set<Integer> accepted) {
        return new Call(method, endpoint, () -> endpoint.uri(target, path), scopes, Map.of(), accepted, null);
    }

    private String repository() {
        return endpoint.repository(target);
    }

    /// Remembers how reading failed, since the HTTP client tells of it only in its own words.
    private static final class SourceStream extends FilterInputStream {
        private volatile @Nullable IOException failure;

        SourceStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            try {
                return in.read(target, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
