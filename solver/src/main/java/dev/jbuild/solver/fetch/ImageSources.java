package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.RegistryException;
import dev.jbuild.layerstore.registry.Resolved;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.plan.ImageNotFoundException;
import dev.jbuild.solver.plan.ImageResolver;
import dev.jbuild.solver.plan.ResolvedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Where base images come from: the local image store, an OCI layout, a registry.
///
/// Manifests and configurations of all that is resolved are kept in the content store, so that a name
/// whose digest is known needs no network.
public final class ImageSources implements ImageResolver {
    private final LayerStore store;
    private final Supplier<RegistryClient> registry;
    private final TagMemory tags;
    private final Steps steps;
    private final Freshness freshness;

    /// @param registry asked for when the first request is to be made, and not before
    /// @param freshness when to ask the registry
    public ImageSources(
            LayerStore store, Supplier<RegistryClient> registry, TagMemory tags, Steps steps, Freshness freshness) {
        this.store = store;
        this.registry = registry;
        this.tags = tags;
        this.steps = steps;
        this.freshness = freshness;
    }

    @Override
    public ResolvedImage resolve(ImageReference reference, Platform platform) throws IOException {
        Optional<Descriptor> root = freshness.pull() ? Optional.empty() : known(reference);
        if (root.isPresent()) {
            Optional<ResolvedImage> image = stored(root.get(), reference.familiar(), platform);
            if (image.isPresent()) {
                return image.get();
            }
        }
        if (freshness.offline()) {
            throw new ImageNotFoundException(reference.familiar() + ": "
                    + (root.isPresent() ? "not all of it is in the store for " + platform : "not in the store")
                    + ", and jbuild is offline: build once without --offline, or name a copy with --build-context "
                    + reference.familiar() + "=oci-layout://DIR");
        }
        Steps.Step step = steps.start("[internal] load metadata for " + reference);
        try {
            ResolvedImage image = fetch(reference, platform);
            step.completed();
            return image;
        } catch (IOException | RuntimeException e) {
            step.failed(String.valueOf(e.getMessage()), false);
            throw e;
        }
    }

    private Optional<Descriptor> known(ImageReference reference) {
        Optional<Descriptor> local = store.images().get(reference.toString());
        return local.isPresent() ? local : tags.find(reference);
    }

    private ResolvedImage fetch(ImageReference reference, Platform platform) throws IOException {
        Resolved root;
        try {
            Optional<ResolvedImage> unchanged = unchanged(reference, platform);
            if (unchanged.isPresent()) {
                return unchanged.get();
            }
            root = registry.get().resolve(reference);
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                throw new ImageNotFoundException(reference.familiar() + ": not found in " + reference.registry());
            }
            throw e;
        }
        store.content().put(root.descriptor().mediaType(), root.bytes());
        Descriptor manifest = root.descriptor();
        if (MediaType.isIndex(manifest.mediaType())) {
            manifest = choose(OciJson.readIndex(root.bytes()), reference.familiar(), platform);
            if (!store.content().contains(manifest.digest())) {
                Resolved found = registry.get().resolve(reference.withDigest(manifest.digest()));
                store.content().put(manifest.mediaType(), found.bytes());
            }
        }
        ImageManifest read = OciJson.readManifest(store.content().read(manifest));
        fetchBlob(reference, read.config());
        // Also of layers that came from elsewhere: a push to this registry need not send them.
        read.layers().forEach(layer -> store.origins().add(layer.digest(), reference));
        tags.put(reference, root.descriptor());
        return image(manifest, read, reference.familiar());
    }

    /// What the name meant before, if the registry says that it still does. Asking for the digest alone is quick, and
    /// does not count where pulls are counted.
    private Optional<ResolvedImage> unchanged(ImageReference reference, Platform platform) throws IOException {
        Optional<Descriptor> before = tags.last(reference);
        Optional<ResolvedImage> image =
                before.isPresent() ? stored(before.get(), reference.familiar(), platform) : Optional.empty();
        if (image.isEmpty()) {
            return Optional.empty();
        }
        try {
            if (!registry.get().head(reference).equals(before.orElseThrow().digest())) {
                return Optional.empty();
            }
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.PROTOCOL) {
                // There are registries that answer to GET alone.
                return Optional.empty();
            }
            throw e;
        }
        tags.put(reference, before.orElseThrow());
        return image;
    }

    void fetchBlob(ImageReference reference, Descriptor blob) throws IOException {
        if (!store.content().contains(blob.digest())) {
            registry.get()
                    .readBlob(reference, blob, in -> BlobCopy.into(store.content(), in, blob, (current, total) -> {}));
        }
    }

    /// An image whose manifest and configuration are in the content store.
    private Optional<ResolvedImage> stored(Descriptor root, String name, Platform platform) throws IOException {
        if (!store.content().contains(root.digest())) {
            return Optional.empty();
        }
        Descriptor manifest = root;
        if (MediaType.isIndex(root.mediaType())) {
            manifest = choose(OciJson.readIndex(store.content().read(root)), name, platform);
            if (!store.content().contains(manifest.digest())) {
                return Optional.empty();
            }
        }
        ImageManifest read = OciJson.readManifest(store.content().read(manifest));
        if (!store.content().contains(read.config().digest())) {
            return Optional.empty();
        }
        return Optional.of(image(manifest, read, name));
    }

    @Override
    public ResolvedImage resolve(Path layout, String reference, Platform platform) throws IOException {
        LayoutReader reader = new LayoutReader(layout);
        Descriptor root = reader.root(reference);
        Descriptor manifest = root;
        String name = "oci-layout://" + layout + (reference.isEmpty() ? "" : ":" + reference);
        if (MediaType.isIndex(root.mediaType())) {
            manifest = choose(OciJson.readIndex(reader.read(root)), name, platform);
        }
        byte[] bytes = reader.read(manifest);
        store.content().put(manifest.mediaType(), bytes);
        ImageManifest read = OciJson.readManifest(bytes);
        if (!store.content().contains(read.config().digest())) {
            store.content().put(read.config().mediaType(), reader.read(read.config()));
        }
        return image(manifest, read, name);
    }

    private ResolvedImage image(Descriptor manifest, ImageManifest read, String name) throws IOException {
        ImageConfig config = OciJson.readConfig(store.content().read(read.config()));
        if (config.diffIds().size() != read.layers().size()) {
            throw new ImageNotFoundException(
                    name + ": its manifest lists " + read.layers().size() + " layers, its configuration "
                            + config.diffIds().size());
        }
        return new ResolvedImage(manifest.digest(), read, config);
    }

    private static Descriptor choose(ImageIndex index, String name, Platform platform) {
        List<Descriptor> images = index.manifests().stream()
                .filter(manifest ->
                        !"attestation-manifest".equals(manifest.annotations().get("vnd.docker.reference.type")))
                .toList();
        for (Descriptor manifest : images) {
            if (platform.equals(manifest.platform())) {
                return manifest;
            }
        }
        // Older processors of the same family: arm/v7 runs arm/v6 and v5, amd64 of any level runs plain
        // amd64.
        for (Descriptor manifest : images) {
            Platform other = manifest.platform();
            if (other != null && runs(platform, other)) {
                return manifest;
            }
        }
        if (images.size() == 1 && images.getFirst().platform() == null) {
            return images.getFirst();
        }
        throw new ImageNotFoundException(name + ": no image for platform " + platform + "; there are "
                + images.stream()
                        .map(manifest -> String.valueOf(manifest.platform()))
                        .distinct()
                        .collect(Collectors.joining(", ")));
    }

    private static boolean runs(Platform platform, Platform other) {
        if (!platform.os().equals(other.os()) || !platform.architecture().equals(other.architecture())) {
            return false;
        }
        String own = platform.variant();
        String its = other.variant();
        return its == null || (own != null && its.compareTo(own) <= 0);
    }
}
