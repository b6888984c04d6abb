package dev.jbuild.cli.image;

import dev.jbuild.layerstore.BlobOrigins;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/// Brings an image of a registry into the content store: its documents one after the other, its layers side by side.
final class Pull {
    private static final int BUFFER = 256 << 10;

    private final RemoteImage image;
    private final ContentStore content;
    private final BlobOrigins origins;
    private final Listener listener;
    private final Map<Digest, Descriptor> blobs = new LinkedHashMap<>();

    /// Is told of every blob that was not there, by the threads that fetch.
    @FunctionalInterface
    interface Listener {
        void progress(Descriptor blob, long current);
    }

    Pull(RemoteImage image, LayerStore store, Listener listener) {
        this.image = image;
        this.content = store.content();
        this.origins = store.origins();
        this.listener = listener;
    }

    /// Fetches everything, or of an index the image for one platform.
    void fetch(Optional<Platform> platform) throws IOException, InterruptedException {
        Descriptor root = image.root().descriptor();
        content.put(root.mediaType(), image.root().bytes());
        if (!MediaType.isIndex(root.mediaType())) {
            manifest(root);
        } else {
            ImageIndex index = OciJson.readIndex(image.root().bytes());
            for (Descriptor child : platform.isEmpty() ? index.manifests() : List.of(choose(index, platform.get()))) {
                document(child);
                manifest(child);
            }
        }
        fetchBlobs();
    }

    private void document(Descriptor blob) throws IOException {
        if (!content.contains(blob.digest())) {
            content.put(blob.mediaType(), image.documents().read(blob));
        }
    }

    private void manifest(Descriptor manifest) throws IOException {
        if (!MediaType.isManifest(manifest.mediaType())) {
            throw new StoreException(
                    StoreException.Kind.UNSUPPORTED,
                    image.reference().familiar() + " names a \"" + manifest.mediaType()
                            + "\", which is neither a manifest nor an index");
        }
        ImageManifest read = OciJson.readManifest(content.read(manifest));
        blobs.put(read.config().digest(), read.config());
        for (Descriptor layer : read.layers()) {
            blobs.put(layer.digest(), layer);
            origins.add(layer.digest(), image.reference());
        }
    }

    private Descriptor choose(ImageIndex index, Platform platform) {
        List<Descriptor> images =
                index.manifests().stream().filter(LocalImage::isImage).toList();
        return images.stream()
                .filter(child -> platform.equals(child.platform()))
                .findFirst()
                .or(() -> images.size() == 1 && images.getFirst().platform() == null
                        ? Optional.of(images.getFirst())
                        : Optional.empty())
                .orElseThrow(() -> new StoreException(
                        StoreException.Kind.MISSING,
                        image.reference().familiar() + " has no image for " + platform + "; it is for "
                                + images.stream()
                                        .map(child -> String.valueOf(child.platform()))
                                        .distinct()
                                        .collect(Collectors.joining(", "))));
    }

    private void fetchBlobs() throws IOException, InterruptedException {
        List<Descriptor> missing = blobs.values().stream()
                .filter(blob -> !content.contains(blob.digest()))
                .toList();
        // The client itself bounds how many are under way.
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            ExecutorCompletionService<Descriptor> fetches = new ExecutorCompletionService<>(threads);
            for (Descriptor blob : new ArrayList<>(missing)) {
                fetches.submit(() -> fetch(blob));
            }
            for (int i = 0; i < missing.size(); i++) {
                fetches.take().get();
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case InterruptedException cause -> throw cause;
                case null, default -> throw new IllegalStateException("a pull ended in an unforeseen way", e);
            }
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    private Descriptor fetch(Descriptor blob) throws IOException {
        image.documents().client().readBlob(image.reference(), blob, in -> store(in, blob));
        return blob;
    }

    private void store(InputStream in, Descriptor blob) throws IOException {
        try (BlobWriter writer = content.newBlob()) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                writer.out().write(buffer, 0, n);
                listener.progress(blob, writer.size());
            }
            writer.commit(blob.digest());
        }
    }
}
