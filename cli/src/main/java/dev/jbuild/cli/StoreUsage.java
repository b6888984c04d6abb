package dev.jbuild.cli;

import dev.jbuild.cli.StoreItem.Kind;
import dev.jbuild.cli.StoreItem.Place;
import dev.jbuild.cli.StoreItem.Standing;
import dev.jbuild.cli.image.ImageBlobs;
import dev.jbuild.cli.image.LocalImage;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.Fields;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import dev.jbuild.solver.cache.CacheIndex;
import dev.jbuild.solver.run.FailedRun;
import dev.jbuild.solver.run.FailedRuns;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What takes space in a store, and what each thing is good for. Every blob is counted once, where it is needed most.
final class StoreUsage {
    private static final int LAYER_ID = 64;

    private final LayerStore store;
    private final Set<Digest> counted = new HashSet<>();
    private final List<StoreItem> items = new ArrayList<>();

    private final List<ImageStore.Entry> images;

    private StoreUsage(LayerStore store, List<ImageStore.Entry> images) {
        this.store = store;
        this.images = images;
    }

    static List<StoreItem> of(LayerStore store) {
        return of(store, store.images().list());
    }

    /// What there is as if the store had only these images.
    static List<StoreItem> of(LayerStore store, List<ImageStore.Entry> images) {
        StoreUsage usage = new StoreUsage(store, images);
        usage.addNamedImages();
        usage.addBaseImages();
        usage.addSnapshots();
        usage.addNamelessImages();
        usage.addRemoteSources();
        usage.addOtherBlobs();
        usage.addCacheMounts();
        usage.addContexts();
        return List.copyOf(usage.items);
    }

    private void addNamedImages() {
        Map<Descriptor, List<String>> names = new LinkedHashMap<>();
        Map<Descriptor, Instant> tagged = new HashMap<>();
        for (ImageStore.Entry entry : images) {
            ImageReference reference = LocalImage.reference(entry);
            if (reference != null) {
                names.computeIfAbsent(entry.descriptor(), root -> new ArrayList<>())
                        .add(reference.familiar());
                tagged.merge(entry.descriptor(), entry.tagged(), (a, b) -> a.isAfter(b) ? a : b);
            }
        }
        names.forEach(
                (root, all) -> addBlobs(Kind.IMAGE, Standing.KEPT, root, tagged.get(root), String.join(", ", all)));
    }

    private void addNamelessImages() {
        for (ImageStore.Entry entry : images) {
            if (LocalImage.reference(entry) == null) {
                addBlobs(Kind.IMAGE, Standing.UNUSED, entry.descriptor(), entry.tagged(), "image without a name");
            }
        }
    }

    /// What names of base images meant when they were last resolved: the solver keeps one descriptor a name.
    private void addBaseImages() {
        for (Path file : children(store.cacheDir().resolve("names"))) {
            try {
                Descriptor root = OciJson.readDescriptor(Files.readAllBytes(file));
                addBlobs(Kind.BASE_IMAGE, Standing.CACHED, root, modified(file), "");
            } catch (NoSuchFileException e) {
                // Forgotten meanwhile.
                continue;
            } catch (OciFormatException e) {
                // Whoever resolves the name reads it as well and asks the registry instead.
                addFiles(
                        Kind.CACHE_RECORD,
                        Standing.UNUSED,
                        file,
                        file.getFileName().toString(),
                        "");
                continue;
            } catch (IOException e) {
                throw StoreException.of(e, file, "read what a name means");
            }
            addFiles(
                    Kind.CACHE_RECORD, Standing.CACHED, file, file.getFileName().toString(), "");
        }
    }

    private void addBlobs(
            Kind kind, Standing standing, Descriptor root, @Nullable Instant lastUsed, String description) {
        List<Digest> blobs = new ArrayList<>();
        long bytes = 0;
        for (Digest blob : new ImageBlobs(store.content()).reachable(root)) {
            if (counted.add(blob)) {
                blobs.add(blob);
                bytes += store.content().size(blob);
            }
        }
        Place place = new Place.InBlobs(blobs);
        items.add(new StoreItem(kind, standing, root.digest().toString(), bytes, lastUsed, description, place));
    }

    private void addSnapshots() {
        Map<SnapshotId, CacheIndex.Entry> makers = new HashMap<>();
        for (CacheIndex.Entry entry : new CacheIndex(store.cacheDir()).list()) {
            entry.cacheRecord().result().layers().forEach(layer -> makers.put(layer, entry));
            items.add(new StoreItem(
                    Kind.CACHE_RECORD,
                    Standing.CACHED,
                    entry.key().toString(),
                    entry.bytes(),
                    entry.lastUsed(),
                    entry.cacheRecord().name(),
                    new Place.InCache(entry.key())));
        }
        Map<SnapshotId, String> failed = failedSteps();
        for (SnapshotId id : store.snapshots().list().sorted().toList()) {
            String step = failed.get(id);
            if (step != null) {
                items.add(new StoreItem(
                        Kind.FAILED_STEP,
                        Standing.UNUSED,
                        id.value(),
                        store.snapshots().size(id),
                        null,
                        step,
                        new Place.InSnapshot(id)));
                continue;
            }
            CacheIndex.Entry maker = makers.get(id);
            // A layer of an image is found by its content; what an instruction made, by its record only.
            boolean reachable = maker != null || id.value().length() == LAYER_ID;
            String description = maker != null ? maker.cacheRecord().name() : reachable ? "layer of an image" : "";
            items.add(new StoreItem(
                    Kind.SNAPSHOT,
                    reachable ? Standing.CACHED : Standing.ORPHAN,
                    id.value(),
                    store.snapshots().size(id),
                    maker == null ? null : maker.lastUsed(),
                    description,
                    new Place.InSnapshot(id)));
            for (Digest blob : store.snapshots().blobs(id)) {
                if (store.content().contains(blob) && counted.add(blob)) {
                    addBlob(Kind.LAYER_BLOB, reachable ? Standing.CACHED : Standing.ORPHAN, blob, description);
                }
            }
        }
    }

    /// What RUNs that failed left: the snapshots and the steps' names. Their records are told of as well.
    private Map<SnapshotId, String> failedSteps() {
        Map<SnapshotId, String> steps = new HashMap<>();
        for (FailedRuns.Entry entry : new FailedRuns(store).list()) {
            FailedRun run = entry.run();
            run.own().forEach(id -> steps.put(id, run.name()));
        }
        for (Path file : children(store.failedDir())) {
            addFiles(Kind.FAILED_STEP, Standing.UNUSED, file, file.getFileName().toString(), "");
        }
        return steps;
    }

    /// What ADD and remote contexts fetched: repositories, and files with what is known of their URLs.
    private void addRemoteSources() {
        for (Path repository : children(store.sourcesDir().resolve("git"))) {
            Path description = repository.resolve("description");
            try {
                String remote = Files.isRegularFile(description) ? Files.readString(description) : "";
                addFiles(
                        Kind.REMOTE_SOURCE,
                        Standing.CACHED,
                        repository,
                        repository.getFileName().toString(),
                        remote.strip());
            } catch (IOException e) {
                throw StoreException.of(e, description, "read the address of a repository");
            }
        }
        for (Path file : children(store.sourcesDir().resolve("urls"))) {
            String url = addDownload(file);
            addFiles(
                    Kind.REMOTE_SOURCE,
                    url == null ? Standing.UNUSED : Standing.CACHED,
                    file,
                    file.getFileName().toString(),
                    url == null ? "" : url);
        }
    }

    /// The file that a URL meant. The result is the URL, null if its record cannot be read.
    private @Nullable String addDownload(Path file) {
        try {
            Fields known = Fields.read(file);
            Digest content = Digest.parse(known.required("content"));
            String url = known.required("url");
            if (store.content().contains(content) && counted.add(content)) {
                addBlob(Kind.REMOTE_SOURCE, Standing.CACHED, content, url);
            }
            return url;
        } catch (IOException | StoreException | IllegalArgumentException e) {
            // Whoever needs the file downloads it anew then.
            return null;
        }
    }

    private void addOtherBlobs() {
        for (Digest blob : store.content().list().sorted().toList()) {
            if (counted.add(blob)) {
                addBlob(Kind.OTHER_BLOB, Standing.UNUSED, blob, "");
            }
        }
    }

    private void addBlob(Kind kind, Standing standing, Digest blob, String description) {
        Place place = new Place.InBlobs(List.of(blob));
        items.add(new StoreItem(kind, standing, blob.toString(), store.content().size(blob), null, description, place));
    }

    private void addCacheMounts() {
        for (Path mount : children(store.mountsDir())) {
            String id = mount.getFileName().toString();
            Path name = mount.resolve("id");
            try {
                String description = Files.isRegularFile(name) ? Files.readString(name) : "";
                addFiles(Kind.CACHE_MOUNT, Standing.CACHED, mount, id, description);
            } catch (IOException e) {
                throw StoreException.of(e, name, "read the name of a cache mount");
            }
        }
    }

    private void addContexts() {
        for (Path context : children(store.contextsDir())) {
            addFiles(
                    Kind.CONTEXT,
                    Standing.CACHED,
                    context,
                    context.getFileName().toString(),
                    "");
        }
    }

    private void addFiles(Kind kind, Standing standing, Path path, String id, String description) {
        items.add(new StoreItem(
                kind, standing, id, TreeBytes.of(path), modified(path), description, new Place.InFiles(path)));
    }

    private static @Nullable Instant modified(Path path) {
        try {
            return Files.getLastModifiedTime(path).toInstant();
        } catch (IOException e) {
            // Removed meanwhile: then it does not matter.
            return null;
        }
    }

    private static List<Path> children(Path directory) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            files.forEach(children::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw StoreException.of(e, directory, "list what is");
        }
        children.sort(null);
        return children;
    }
}
