package dev.jbuild.cli.image;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Understands the `index.json` of an OCI layout whose blobs are in the content store.
final class LayoutArchive {
    private static final String REF_NAME = "org.opencontainers.image.ref.name";
    private static final String CONTAINERD_NAME = "io.containerd.image.name";
    private static final int DEEPEST = 4;

    private final StagedBlobs content;

    LayoutArchive(StagedBlobs content) {
        this.content = content;
    }

    List<LoadedImage> images(byte[] index) throws IOException {
        Map<Digest, LoadedImage> images = new LinkedHashMap<>();
        for (Descriptor root : OciJson.readIndex(index).manifests()) {
            Optional<Digest> id = check(root, 0);
            if (id.isEmpty()) {
                throw ImageArchiveReader.refused("blob " + root.digest() + ", which index.json names, is not in it");
            }
            List<ImageReference> names =
                    new ArrayList<>(name(root).map(List::of).orElse(List.of()));
            LoadedImage before = images.get(root.digest());
            if (before != null) {
                names.addAll(0, before.names());
            }
            Descriptor plain = new Descriptor(root.mediaType(), root.digest(), root.size());
            images.put(root.digest(), new LoadedImage(plain, id.get(), names));
        }
        return List.copyOf(images.values());
    }

    /// A whole name; a tag alone says nothing of whose it is.
    private static Optional<ImageReference> name(Descriptor root) {
        String name = root.annotations().get(CONTAINERD_NAME);
        if (name == null) {
            name = root.annotations().get(REF_NAME);
            if (name == null || (name.indexOf(':') < 0 && name.indexOf('/') < 0)) {
                return Optional.empty();
            }
        }
        try {
            ImageReference reference = ImageReference.parse(name);
            return reference.tag() == null ? Optional.empty() : Optional.of(reference.withTag(reference.tag()));
        } catch (IllegalArgumentException e) {
            throw ImageArchiveReader.refused(String.valueOf(e.getMessage()));
        }
    }

    /// Whether all of an image is there; what it is called by. Empty if its document is not there: an index may name
    /// platforms that were not saved.
    private Optional<Digest> check(Descriptor root, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw ImageArchiveReader.refused("its indexes are nested more than " + DEEPEST + " deep");
        }
        if (!content.contains(root.digest())) {
            return Optional.empty();
        }
        sized(root);
        content.want(root.digest());
        if (MediaType.isIndex(root.mediaType())) {
            boolean any = false;
            for (Descriptor child : OciJson.readIndex(content.read(root)).manifests()) {
                any |= check(child, depth + 1).isPresent();
            }
            if (!any) {
                throw ImageArchiveReader.refused("index " + root.digest() + " has no image that is in it");
            }
            return Optional.of(root.digest());
        }
        if (!MediaType.isManifest(root.mediaType())) {
            throw ImageArchiveReader.refused(
                    "blob " + root.digest() + " is a \"" + root.mediaType() + "\", neither a manifest nor an index");
        }
        ImageManifest manifest = OciJson.readManifest(content.read(root));
        required(manifest.config(), root);
        manifest.layers().forEach(layer -> required(layer, root));
        if (MediaType.isConfig(manifest.config().mediaType())
                && manifest.layers().stream().allMatch(layer -> MediaType.isLayer(layer.mediaType()))) {
            ImageConfig config = OciJson.readConfig(content.read(manifest.config()));
            if (config.diffIds().size() != manifest.layers().size()) {
                throw ImageArchiveReader.refused("manifest " + root.digest() + " has "
                        + manifest.layers().size() + " layers, its configuration "
                        + config.diffIds().size());
            }
            List<String> digests = manifest.layers().stream()
                    .map(layer -> layer.digest().toString())
                    .toList();
            content.checkLayers(manifest.layers(), config, digests);
        }
        return Optional.of(manifest.config().digest());
    }

    private void required(Descriptor blob, Descriptor manifest) {
        if (!content.contains(blob.digest())) {
            throw ImageArchiveReader.refused(
                    "blob " + blob.digest() + ", which manifest " + manifest.digest() + " names, is not in it");
        }
        sized(blob);
        content.want(blob.digest());
    }

    private void sized(Descriptor blob) throws StoreException {
        long size = content.size(blob.digest());
        if (size != blob.size()) {
            throw ImageArchiveReader.refused(
                    "blob " + blob.digest() + " has " + size + " bytes, not " + blob.size() + " as it says");
        }
    }
}
