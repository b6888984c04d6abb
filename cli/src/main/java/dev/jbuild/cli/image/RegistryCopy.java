package dev.jbuild.cli.image;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.registry.RegistryClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Copies manifests and all that they name from one repository to another. Blobs are mounted where both are in one
/// registry, and else pass through without touching the disk.
final class RegistryCopy {
    private final RegistryClient client;
    private final Set<String> done = new HashSet<>();

    RegistryCopy(RegistryClient client) {
        this.client = client;
    }

    /// @param target the repository; its tag is not used
    void copy(Documents.Remote from, Descriptor root, ImageReference target) throws IOException, InterruptedException {
        if (from.repository().name().equals(target.name()) || !done.add(target.name() + "@" + root.digest())) {
            return;
        }
        byte[] document = from.read(root);
        if (MediaType.isIndex(root.mediaType())) {
            for (Descriptor child : OciJson.readIndex(document).manifests()) {
                copy(from, child, target);
            }
        } else {
            ImageManifest manifest = OciJson.readManifest(document);
            List<Descriptor> blobs = new ArrayList<>(manifest.layers());
            blobs.add(manifest.config());
            pushAll(from, blobs, target);
        }
        client.pushManifest(untagged(target, root.digest()), root.mediaType(), document);
    }

    static ImageReference untagged(ImageReference target, Digest digest) {
        return new ImageReference(target.registry(), target.repository(), null, digest);
    }

    private void pushAll(Documents.Remote from, List<Descriptor> blobs, ImageReference target)
            throws IOException, InterruptedException {
        // The client itself bounds how many are under way.
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            ExecutorCompletionService<RegistryClient.PushOutcome> pushes = new ExecutorCompletionService<>(threads);
            for (Descriptor blob : blobs) {
                pushes.submit(() -> client.pushBlob(target, blob, from.repository(), () -> from.open(blob)));
            }
            for (int i = 0; i < blobs.size(); i++) {
                pushes.take().get();
            }
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case InterruptedException cause -> throw cause;
                case null, default -> throw new IllegalStateException("a copy ended in an unforeseen way", e);
            }
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }
}
