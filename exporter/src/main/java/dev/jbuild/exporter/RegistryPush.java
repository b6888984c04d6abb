package dev.jbuild.exporter;

import dev.jbuild.layerstore.BlobOrigins;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.registry.RegistryClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Puts an image into registries: blobs side by side, then the manifests, then the index, and the tags last of all, so
/// that no name ever stands for something that is not there.
final class RegistryPush {
    private final RegistryClient client;
    private final ContentStore content;
    private final BlobOrigins origins;
    private final ExportListener listener;
    private long sent;

    RegistryPush(RegistryClient client, LayerStore store, ExportListener listener) {
        this.client = client;
        this.content = store.content();
        this.origins = store.origins();
        this.listener = listener;
    }

    /// @param byDigest whether the image gets no tag
    void push(NamedImage named, boolean byDigest) throws IOException, InterruptedException {
        @Nullable ImageReference first = null;
        Set<String> repositories = new HashSet<>();
        for (String name : named.names()) {
            ImageReference target = ImageReference.parse(name);
            if (repositories.add(target.name())) {
                pushContent(named.image(), target, first);
                first = first == null ? target : first;
            }
            AssembledImage image = named.image();
            Descriptor root = image.root();
            ImageReference rootName = byDigest ? untagged(target, root) : target;
            client.pushManifest(rootName, root.mediaType(), document(image, root));
        }
    }

    private static ImageReference untagged(ImageReference target, Descriptor manifest) {
        return new ImageReference(target.registry(), target.repository(), null, manifest.digest());
    }

    private void pushContent(AssembledImage image, ImageReference target, @Nullable ImageReference first)
            throws IOException, InterruptedException {
        Set<Descriptor> blobs = new HashSet<>();
        for (PlatformImage platform : image.manifests()) {
            blobs.add(platform.config());
            // What its publisher asks not to push elsewhere, and is to be had from him, stays where it is.
            platform.layers().stream()
                    .filter(layer -> layer.urls().isEmpty() || !MediaType.isNondistributable(layer.mediaType()))
                    .forEach(blobs::add);
        }
        pushBlobs(image, blobs, target, first);
        if (image.platforms().stream().map(PlatformImage::manifest).anyMatch(image.root()::equals)) {
            return;
        }
        for (PlatformImage platform : image.manifests()) {
            Descriptor manifest = platform.manifest();
            client.pushManifest(untagged(target, manifest), manifest.mediaType(), document(image, manifest));
        }
    }

    private void pushBlobs(
            AssembledImage image, Set<Descriptor> blobs, ImageReference target, @Nullable ImageReference first)
            throws IOException, InterruptedException {
        long total = blobs.stream().mapToLong(Descriptor::size).sum();
        String thing = "pushing layers to " + target.name();
        sent = 0;
        // The client itself bounds how many are under way.
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            ExecutorCompletionService<Descriptor> pushes = new ExecutorCompletionService<>(threads);
            for (Descriptor blob : blobs) {
                pushes.submit(() -> {
                    byte[] document = image.documents().get(blob.digest());
                    client.pushBlob(
                            target,
                            blob,
                            mountFrom(target, blob, first),
                            () -> document == null ? content.open(blob) : new ByteArrayInputStream(document));
                    if (document == null) {
                        origins.add(blob.digest(), target);
                    }
                    return blob;
                });
            }
            for (int i = 0; i < blobs.size(); i++) {
                sent += pushes.take().get().size();
                listener.progress(thing, sent, total);
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case InterruptedException cause -> throw cause;
                case null, default -> throw new IllegalStateException("a push ended in an unforeseen way", e);
            }
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    // Where a registry may take a blob from: the repository that just got it, or one that it is known to be in.
    private @Nullable ImageReference mountFrom(ImageReference target, Descriptor blob, @Nullable ImageReference first) {
        return first != null && first.registry().equals(target.registry())
                ? first
                : origins.besides(target, blob.digest()).orElse(null);
    }

    private byte[] document(AssembledImage image, Descriptor document) {
        byte[] bytes = image.documents().get(document.digest());
        return bytes == null ? content.read(document) : bytes;
    }
}
