package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.RegistryException;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.plan.ImageNotFoundException;
import dev.jbuild.solver.plan.ResolvedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/// Brings the layers of base images: as snapshots to build on, or as blobs to pass on as they came.
///
/// All layers of an image come and are unpacked side by side; each is in the content store when it is
/// unpacked.
public final class LayerFetcher {
    private final LayerStore store;
    private final Supplier<RegistryClient> registry;

    public LayerFetcher(LayerStore store, Supplier<RegistryClient> registry) {
        this.store = store;
        this.registry = registry;
    }

    /// The image's layers as snapshots, lowest first.
    ///
    /// @param step begun if a layer has to be brought
    /// @param known told if none has to
    public List<SnapshotId> snapshots(Op source, ResolvedImage image, Supplier<Steps.Step> step, Runnable known)
            throws IOException, InterruptedException {
        List<DiffId> diffIds = image.config().diffIds();
        List<Optional<SnapshotId>> found = new ArrayList<>();
        for (int i = 1; i <= diffIds.size(); i++) {
            found.add(store.snapshots().find(diffIds.subList(0, i)));
        }
        if (found.stream().allMatch(Optional::isPresent)) {
            known.run();
            return found.stream().map(Optional::orElseThrow).toList();
        }
        Steps.Step progress = step.get();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<SnapshotId>> unpacked = new ArrayList<>();
            for (int i = 0; i < diffIds.size(); i++) {
                List<DiffId> chain = diffIds.subList(0, i + 1);
                Descriptor layer = image.manifest().layers().get(i);
                List<Future<SnapshotId>> below = List.copyOf(unpacked);
                unpacked.add(threads.submit(() -> unpack(source, layer, chain, below, progress)));
            }
            try {
                List<SnapshotId> ids = new ArrayList<>();
                for (Future<SnapshotId> each : unpacked) {
                    ids.add(each.get());
                }
                progress.completed();
                return ids;
            } catch (ExecutionException e) {
                threads.shutdownNow();
                progress.failed(
                        String.valueOf(
                                e.getCause() == null
                                        ? e.getMessage()
                                        : e.getCause().getMessage()),
                        false);
                throw rethrown(e);
            } catch (InterruptedException e) {
                threads.shutdownNow();
                progress.failed("canceled", true);
                throw e;
            }
        }
    }

    private SnapshotId unpack(
            Op source, Descriptor layer, List<DiffId> chain, List<Future<SnapshotId>> below, Steps.Step progress)
            throws IOException, InterruptedException {
        try {
            return unpackOnce(source, layer, chain, below, progress);
        } catch (StoreException e) {
            if (!isCorrupt(e) || !leaveMirrors(source, layer, progress)) {
                throw e;
            }
        }
        return unpackOnce(source, layer, chain, below, progress);
    }

    // Either unpacking notices first, or the digest.
    private static boolean isCorrupt(StoreException e) {
        return e.kind() == StoreException.Kind.CORRUPT
                || (e.getCause() instanceof RegistryException cause && cause.kind() == RegistryException.Kind.CORRUPT);
    }

    // Whether the layer may come better from the registry itself.
    private boolean leaveMirrors(Op source, Descriptor layer, Steps.Step progress) throws IOException {
        boolean fetched = source instanceof Op.ImageSource && !store.content().contains(layer.digest());
        if (!fetched || !registry.get().leaveMirrors(ImageReference.parse(((Op.ImageSource) source).reference()))) {
            return false;
        }
        progress.warn("layer " + layer.digest()
                + " is damaged where it came from: its registry is asked for it, and no mirror");
        return true;
    }

    private SnapshotId unpackOnce(
            Op source, Descriptor layer, List<DiffId> chain, List<Future<SnapshotId>> below, Steps.Step progress)
            throws IOException, InterruptedException {
        try {
            return store.snapshots().unpack(chain, () -> await(below), () -> open(source, layer, progress));
        } catch (StoreException e) {
            // What is wrong with a compressed stream shows before its digest does, and does not say whose
            // it is.
            if (e.kind() != StoreException.Kind.CORRUPT
                    || String.valueOf(e.getMessage()).contains(layer.digest().hex())) {
                throw e;
            }
            throw new StoreException(e.kind(), "layer " + layer.digest() + ": " + e.getMessage(), null, e);
        }
    }

    private static List<SnapshotId> await(List<Future<SnapshotId>> below) throws InterruptedException {
        List<SnapshotId> ids = new ArrayList<>();
        for (Future<SnapshotId> each : below) {
            try {
                ids.add(each.get());
            } catch (ExecutionException e) {
                throw new IllegalStateException("a layer below could not be unpacked", e.getCause());
            }
        }
        return ids;
    }

    /// The image's layers as blobs of the content store, as they came.
    public List<LayerBlob> blobs(Op source, ResolvedImage image) throws IOException, InterruptedException {
        List<LayerBlob> blobs = new ArrayList<>();
        List<Future<?>> missing = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < image.config().diffIds().size(); i++) {
                Descriptor layer = image.manifest().layers().get(i);
                blobs.add(new LayerBlob(layer, image.config().diffIds().get(i)));
                if (!store.content().contains(layer.digest())) {
                    missing.add(threads.submit(() -> {
                        bring(source, layer);
                        return null;
                    }));
                }
            }
            for (Future<?> each : missing) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw rethrown(e);
        }
        return blobs;
    }

    private void bring(Op source, Descriptor layer) throws IOException {
        RegistryClient.BlobReader reader = in -> BlobCopy.into(store.content(), in, layer, (current, total) -> {});
        if (source instanceof Op.ImageSource image) {
            ImageReference name = ImageReference.parse(image.reference());
            try {
                registry.get().readBlob(name, layer, reader);
            } catch (RegistryException e) {
                throw explained(name, layer, e);
            }
        } else {
            try (InputStream in = open(source, layer)) {
                reader.read(in);
            }
        }
    }

    private static RuntimeException rethrown(ExecutionException e) throws IOException, InterruptedException {
        switch (e.getCause()) {
            case IOException io -> throw io;
            case InterruptedException interrupted -> throw interrupted;
            case RuntimeException unchecked -> throw unchecked;
            case null, default -> throw new IllegalStateException(e.getCause());
        }
    }

    /// The layer's bytes: from the content store, or on their way into it.
    private InputStream open(Op source, Descriptor layer, Steps.Step progress) throws IOException {
        ContentStore content = store.content();
        if (content.contains(layer.digest())) {
            return content.open(layer);
        }
        BlobCopy.Listener listener =
                (current, total) -> progress.progress(layer.digest().toString(), current, total);
        return new StoringStream(open(source, layer), content.newBlob(), layer, listener);
    }

    private InputStream open(ImageReference image, Descriptor layer) throws IOException {
        try {
            return registry.get().openBlob(image, layer);
        } catch (RegistryException e) {
            throw explained(image, layer, e);
        }
    }

    private static RegistryException explained(ImageReference image, Descriptor layer, RegistryException e) {
        if (e.kind() == RegistryException.Kind.OFFLINE) {
            throw new ImageNotFoundException(image.familiar() + ": its layer " + layer.digest()
                    + " is not in the store, and jbuild is offline: build once without --offline");
        }
        return e;
    }

    private InputStream open(Op source, Descriptor layer) throws IOException {
        return switch (source) {
            case Op.ImageSource image -> open(ImageReference.parse(image.reference()), layer);
            case Op.OciLayoutSource layout -> new LayoutReader(Path.of(layout.directory())).open(layer);
            case Op.LocalSource op -> throw new IllegalArgumentException("not an image: " + op);
            case Op.HttpSource op -> throw new IllegalArgumentException("not an image: " + op);
            case Op.GitSource op -> throw new IllegalArgumentException("not an image: " + op);
            case Op.Exec op -> throw new IllegalArgumentException("not an image: " + op);
            case Op.FileOp op -> throw new IllegalArgumentException("not an image: " + op);
            case Op.Merge op -> throw new IllegalArgumentException("not an image: " + op);
        };
    }
}
