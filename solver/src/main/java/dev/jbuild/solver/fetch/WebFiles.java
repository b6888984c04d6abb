package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.RegistryException;
import dev.jbuild.layerstore.registry.WebReply;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.RemoteSourceException;
import dev.jbuild.solver.plan.ResolvedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Files from the web, by way of the content store. What a URL meant is remembered, so that a file which
/// has not changed is asked about and not downloaded again.
final class WebFiles {
    private static final int BUFFER = 256 << 10;
    private static final int OWNER_ONLY = 0600;

    private final LayerStore store;
    private final Supplier<RegistryClient> client;
    private final Steps steps;
    private final Logins logins;
    private final boolean offline;
    private final UrlMemory memory;

    WebFiles(LayerStore store, Supplier<RegistryClient> client, Steps steps, Logins logins, boolean offline) {
        this.store = store;
        this.client = client;
        this.steps = steps;
        this.logins = logins;
        this.offline = offline;
        this.memory = new UrlMemory(store);
    }

    /// The file at this address as it is now, in the content store.
    ResolvedFile resolve(RemoteAddress url) throws IOException, InterruptedException {
        Steps.Step step = steps.start("[internal] load " + url);
        try {
            ResolvedFile file = fetch(url, null, step);
            step.completed();
            return file;
        } catch (InterruptedException | InterruptedIOException e) {
            step.failed("canceled", true);
            throw e;
        } catch (IOException | RuntimeException e) {
            step.failed(String.valueOf(e.getMessage()), false);
            throw e;
        }
    }

    /// The file as a layer. It is downloaded only if it is not in the store.
    SnapshotId layer(Op.HttpSource source, Steps.Step step) throws IOException, InterruptedException {
        Instant modified = source.lastModified();
        if (!store.content().contains(source.content())) {
            modified = fetch(source.url(), source.content(), step).lastModified();
        } else if (modified == null) {
            UrlMemory.Entry known = memory.find(source.url());
            modified = known != null && known.content().equals(source.content()) ? known.lastModified() : null;
        }
        try (ActiveSnapshot active = store.snapshots().prepare(List.of())) {
            Path file = active.path().resolve(source.fileName());
            Descriptor blob = new Descriptor(
                    "application/octet-stream",
                    source.content(),
                    store.content().size(source.content()));
            try (InputStream in = store.content().open(blob);
                    OutputStream out = Files.newOutputStream(file)) {
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                }
            }
            Kernel.chmod(file, OWNER_ONLY);
            Kernel.setTimes(file, modified == null ? 0 : modified.getEpochSecond(), 0);
            return store.snapshots().commit(active);
        }
    }

    /// Downloads the file unless it is known to be unchanged.
    ///
    /// @param expected what its digest must be, null if any will do
    private ResolvedFile fetch(RemoteAddress url, @Nullable Digest expected, Steps.Step step)
            throws IOException, InterruptedException {
        URI uri = WebAddress.parse(url);
        try (StoreLock _ = store.lock(memory.lockName(url))) {
            UrlMemory.Entry known = memory.find(url);
            if (known != null && (expected != null || !store.content().contains(known.content()))) {
                known = null;
            }
            if (offline) {
                return offline(url, known);
            }
            UrlMemory.Entry before = known;
            UrlMemory.Entry now;
            try {
                now = client.get()
                        .web()
                        .get(uri, headers(url, uri, known), reply -> read(url, reply, before, expected, step));
            } catch (RegistryException e) {
                throw new RemoteSourceException(String.valueOf(e.getMessage()), e);
            }
            memory.put(url, now);
            return new ResolvedFile(now.content(), now.lastModified());
        }
    }

    private static ResolvedFile offline(RemoteAddress url, UrlMemory.@Nullable Entry known) {
        if (known == null) {
            throw new RemoteSourceException(
                    url + ": not in the store, and jbuild is offline: build once without --offline, or put the file"
                            + " into the build context",
                    null);
        }
        return new ResolvedFile(known.content(), known.lastModified());
    }

    private Map<String, String> headers(RemoteAddress url, URI uri, UrlMemory.@Nullable Entry known) {
        Map<String, String> headers = new TreeMap<>();
        String login = url.login() == null ? logins.web(uri.getRawAuthority()) : null;
        if (login != null) {
            headers.put("Authorization", login);
        }
        if (known != null && !known.etag().isEmpty()) {
            headers.put("If-None-Match", known.etag());
        } else if (known != null && !known.modified().isEmpty()) {
            headers.put("If-Modified-Since", known.modified());
        }
        return headers;
    }

    private UrlMemory.Entry read(
            RemoteAddress url,
            WebReply reply,
            UrlMemory.@Nullable Entry known,
            @Nullable Digest expected,
            Steps.Step step)
            throws IOException {
        String etag = reply.header("ETag").orElse("");
        String modified = reply.header("Last-Modified").orElse("");
        if (known != null && (reply.notModified() || (!etag.isEmpty() && etag.equals(known.etag())))) {
            // Some servers leave out of this answer what they said before.
            return new UrlMemory.Entry(
                    known.content(),
                    etag.isEmpty() ? known.etag() : etag,
                    modified.isEmpty() ? known.modified() : modified);
        }
        if (reply.notModified()) {
            throw new RemoteSourceException(url + ": the server says that it has not changed, but was not asked", null);
        }
        long size = reply.size();
        try (BlobWriter blob = store.content().newBlob()) {
            byte[] buffer = new byte[BUFFER];
            for (int read = reply.body().read(buffer);
                    read >= 0;
                    read = reply.body().read(buffer)) {
                write(blob, buffer, read);
                step.progress(url.toString(), blob.size(), Math.max(size, 0));
            }
            Digest found = blob.digest();
            if (expected != null && !expected.equals(found)) {
                throw new RemoteSourceException(
                        url + ": the digest is " + found + ", not " + expected + " as --checksum says", null);
            }
            return new UrlMemory.Entry(blob.commit(null), etag, modified);
        }
    }

    // Trouble with the disk is not the server's: no further attempt will help.
    private void write(BlobWriter blob, byte[] buffer, int length) {
        try {
            blob.out().write(buffer, 0, length);
        } catch (IOException e) {
            throw StoreException.of(e, store.root(), "write a download to the store");
        }
    }
}
