package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The distribution API: names to manifests, blobs in and out, over any number of registries.
///
/// Safe for use by several threads. Nothing is connected, and no HTTP client made, before the first
/// request. Requests are tried again after what looks temporary; interrupting the thread ends them with an
/// [java.io.InterruptedIOException]. Everything else that goes wrong with a registry is a
/// [RegistryException].
public final class RegistryClient implements AutoCloseable {
    private static final String MANIFEST_TYPES = String.join(
            ", ",
            MediaType.OCI_INDEX,
            MediaType.DOCKER_INDEX,
            MediaType.OCI_MANIFEST,
            MediaType.DOCKER_MANIFEST,
            "*/*;q=0.1");

    private final RegistryConfig config;
    private final RegistryOptions options;
    private final RegistryHttp http;
    private final Map<String, List<Endpoint>> endpoints = new ConcurrentHashMap<>();
    // Apart, so that a blob can be pushed while it is being read from the same registry.
    private final Map<String, Semaphore> downloads = new ConcurrentHashMap<>();
    private final Map<String, Semaphore> uploads = new ConcurrentHashMap<>();
    private final Map<String, BlobPush> pushes = new ConcurrentHashMap<>();

    /// Opens the content of a blob, once for each attempt to send it.
    @FunctionalInterface
    public interface BlobSource {
        InputStream open() throws IOException;
    }

    /// Takes the content of a blob.
    @FunctionalInterface
    public interface BlobReader {
        void read(InputStream content) throws IOException;
    }

    /// How a blob came to be in a repository.
    public enum PushOutcome {
        /// It was there, or this client had put it there.
        EXISTED,
        /// The registry took it from another of its repositories.
        MOUNTED,
        UPLOADED
    }

    // Two platforms of an image may share a blob: the second one waits for the first.
    private static final class BlobPush {
        private boolean done;
    }

    public RegistryClient(RegistryConfig config, Credentials credentials) {
        this(config, credentials, RegistryOptions.DEFAULT);
    }

    public RegistryClient(RegistryConfig config, Credentials credentials, RegistryOptions options) {
        this.config = config;
        this.options = options;
        this.http = new RegistryHttp(config, options, credentials);
    }

    /// Fetches the manifest or index that a name stands for, by its digest if it has one, else by its tag. A mirror
    /// that answers with something else is not asked again.
    public Resolved resolve(ImageReference reference) throws IOException {
        try {
            return resolveOnce(reference);
        } catch (RegistryException e) {
            if (e.kind() == Kind.CORRUPT && leaveMirrors(reference)) {
                return resolveOnce(reference);
            }
            throw e;
        }
    }

    /// From now on asks this registry itself and none of its mirrors: one of them had something else than
    /// was asked for.
    ///
    /// @return whether it has mirrors, so that another attempt may end better
    public boolean leaveMirrors(ImageReference reference) throws IOException {
        if (config.settings(reference.registry()).mirrors().isEmpty()) {
            return false;
        }
        endpoints.put(reference.registry(), List.of(upstream(reference)));
        return true;
    }

    private Resolved resolveOnce(ImageReference reference) throws IOException {
        Answer answer = ask(reference, endpoint -> manifestCall("GET", endpoint, reference));
        byte[] bytes;
        try (Reply reply = answer.reply) {
            bytes = reply.body().readNBytes(OciJson.MAX_MANIFEST + 1);
            if (bytes.length > OciJson.MAX_MANIFEST) {
                throw answer.failure(Kind.PROTOCOL, "a manifest larger than " + OciJson.MAX_MANIFEST + " bytes");
            }
            String claimed = reply.header("Docker-Content-Digest").orElse("");
            Digest digest = Digest.of(bytes);
            Digest expected = reference.digest();
            if (expected != null && !expected.equals(digest)) {
                throw answer.failure(Kind.CORRUPT, "the manifest's digest is " + digest + " instead");
            }
            if (claimed.startsWith("sha256:") && !claimed.equals(digest.toString())) {
                throw answer.failure(
                        Kind.CORRUPT, "the manifest's digest is " + digest + ", not " + claimed + " as announced");
            }
            String mediaType = ManifestType.of(answer, bytes);
            return new Resolved(reference.withDigest(digest), new Descriptor(mediaType, digest, bytes.length), bytes);
        }
    }

    /// The digest that a name stands for, without fetching what it is of.
    public Digest head(ImageReference reference) throws IOException {
        Answer answer = ask(reference, endpoint -> manifestCall("HEAD", endpoint, reference));
        try (Reply reply = answer.reply) {
            String claimed = reply.header("Docker-Content-Digest").orElse("");
            Digest expected = reference.digest();
            if (!claimed.startsWith("sha256:")) {
                return expected == null ? resolve(reference).descriptor().digest() : expected;
            }
            Digest digest = Digest.parse(claimed);
            if (expected != null && !expected.equals(digest)) {
                throw answer.failure(Kind.CORRUPT, "the manifest's digest is " + digest + " instead");
            }
            return digest;
        } catch (IllegalArgumentException e) {
            throw answer.failure(Kind.PROTOCOL, "Docker-Content-Digest: " + e.getMessage());
        }
    }

    /// Opens a blob. The stream goes on after broken connections, and fails instead of yielding the last
    /// byte if size or digest are not the descriptor's.
    ///
    /// Waits while too many blobs of this registry are open: whoever opens several closes them from several
    /// threads.
    public InputStream openBlob(ImageReference reference, Descriptor blob) throws IOException {
        Semaphore permits = acquire(downloads, reference);
        BlobStream stream =
                new BlobStream(blob, offset -> openAt(reference, blob, offset), new Retry(options), permits::release);
        try {
            return stream.connect();
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    /// Reads a blob: once more, and then from the registry itself, if what a mirror had was something else.
    public void readBlob(ImageReference reference, Descriptor blob, BlobReader reader) throws IOException {
        try (InputStream content = openBlob(reference, blob)) {
            reader.read(content);
            return;
        } catch (RegistryException e) {
            if (e.kind() != Kind.CORRUPT || !leaveMirrors(reference)) {
                throw e;
            }
        }
        try (InputStream content = openBlob(reference, blob)) {
            reader.read(content);
        }
    }

    /// Puts a blob into the repository of this name, unless it is there.
    public PushOutcome pushBlob(ImageReference target, Descriptor blob, BlobSource source) throws IOException {
        return pushBlob(target, blob, null, source);
    }

    /// Puts a blob into the repository of this name, unless it is there.
    ///
    /// @param mountFrom a repository that has the blob; if it is in the same registry, that need not be
    ///     sent it again
    public PushOutcome pushBlob(
            ImageReference target, Descriptor blob, @Nullable ImageReference mountFrom, BlobSource source)
            throws IOException {
        BlobPush push = pushes.computeIfAbsent(target.name() + "@" + blob.digest(), key -> new BlobPush());
        synchronized (push) {
            if (push.done) {
                return PushOutcome.EXISTED;
            }
            boolean mountable = mountFrom != null
                    && mountFrom.registry().equals(target.registry())
                    && !mountFrom.repository().equals(target.repository());
            Semaphore permits = acquire(uploads, target);
            try {
                PushOutcome outcome = new BlobUpload(http, options, upstream(target), target, blob)
                        .push(mountable ? mountFrom : null, source);
                push.done = true;
                return outcome;
            } finally {
                permits.release();
            }
        }
    }

    /// Puts a manifest or index into the registry, under the tag of this name or else under its digest.
    /// What it names has to be there before.
    ///
    /// @return the digest of these bytes
    public Digest pushManifest(ImageReference target, String mediaType, byte[] bytes) throws IOException {
        Digest digest = Digest.of(bytes);
        Endpoint endpoint = upstream(target);
        String tag = target.tag();
        Call put = new Call(
                "PUT",
                endpoint,
                () -> endpoint.uri(target, "manifests/" + (tag == null ? digest : tag)),
                Scopes.push(endpoint.repository(target)),
                Map.of("Content-Type", mediaType),
                Set.of(200, 201, 202),
                () -> BodyPublishers.ofByteArray(bytes));
        try (Reply reply = http.send(put)) {
            String stored = reply.header("Docker-Content-Digest").orElse("");
            if (stored.startsWith("sha256:") && !stored.equals(digest.toString())) {
                throw new RegistryException(
                        Kind.CORRUPT, "PUT", reply.uri(), "the registry stored " + stored + " instead of " + digest);
            }
        }
        return digest;
    }

    /// Downloads from where is no registry: with the same patience, proxies and certificate authorities.
    public WebClient web() {
        return http.web();
    }

    /// Ends all connections, also of streams that are still open.
    @Override
    public void close() {
        http.close();
    }

    /// A reply and where it came from.
    record Answer(Endpoint endpoint, String method, Reply reply) {
        RegistryException failure(Kind kind, String problem) {
            return new RegistryException(kind, method, reply.uri(), reply.status(), problem, List.of(), null);
        }
    }

    private Answer ask(ImageReference reference, Function<Endpoint, Call> call) throws IOException {
        RegistryException mirrors = null;
        for (Endpoint endpoint : endpoints(reference)) {
            try {
                Call asked = call.apply(endpoint);
                Retry retry = endpoint.isMirror() ? Retry.once(options) : new Retry(options);
                return new Answer(endpoint, asked.method(), http.send(asked, retry));
            } catch (RegistryException e) {
                if (mirrors != null) {
                    e.addSuppressed(mirrors);
                }
                if (!endpoint.isMirror()) {
                    throw e;
                }
                mirrors = e;
            }
        }
        throw new IllegalStateException("no endpoint for " + reference.registry());
    }

    private Reply openAt(ImageReference reference, Descriptor blob, long offset) throws IOException {
        Map<String, String> headers = offset == 0 ? Map.of() : Map.of("Range", "bytes=" + offset + "-");
        Answer answer = ask(
                reference,
                endpoint -> new Call(
                        "GET",
                        endpoint,
                        () -> endpoint.uri(reference, "blobs/" + blob.digest()),
                        Scopes.pull(endpoint.repository(reference)),
                        headers,
                        offset == 0 ? Set.of(200) : Set.of(200, 206),
                        null));
        Reply reply = answer.reply;
        if (reply.status() == 206) {
            String range = reply.header("Content-Range").orElse("");
            if (!range.matches("bytes " + offset + "-[0-9]+/(\\*|" + blob.size() + ")")) {
                reply.close();
                throw answer.failure(
                        Kind.PROTOCOL,
                        "asked for bytes from " + offset + " on of " + blob.size() + " but got \"" + range + '"');
            }
        } else if (offset > 0) {
            // Ranges need not be supported.
            try {
                reply.body().skipNBytes(offset);
            } catch (IOException e) {
                reply.close();
                throw e;
            }
        }
        return reply;
    }

    private static Call manifestCall(String method, Endpoint endpoint, ImageReference reference) {
        Digest digest = reference.digest();
        return new Call(
                method,
                endpoint,
                () -> endpoint.uri(reference, "manifests/" + (digest == null ? reference.tag() : digest)),
                Scopes.pull(endpoint.repository(reference)),
                Map.of("Accept", MANIFEST_TYPES),
                Set.of(200),
                null);
    }

    private List<Endpoint> endpoints(ImageReference reference) throws IOException {
        List<Endpoint> known = endpoints.get(reference.registry());
        if (known == null) {
            List<Endpoint> made = Endpoint.forPull(reference.registry(), config);
            known = endpoints.putIfAbsent(reference.registry(), made);
            return known == null ? made : known;
        }
        return known;
    }

    private Endpoint upstream(ImageReference reference) throws IOException {
        return endpoints(reference).getLast();
    }

    private Semaphore acquire(Map<String, Semaphore> all, ImageReference reference) throws IOException {
        Semaphore permits =
                all.computeIfAbsent(reference.registry(), registry -> new Semaphore(options.blobsPerHost()));
        try {
            permits.acquire();
        } catch (InterruptedException e) {
            throw Interruption.of(e);
        }
        return permits;
    }
}
