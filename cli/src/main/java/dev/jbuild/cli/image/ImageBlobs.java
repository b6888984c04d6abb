package dev.jbuild.cli.image;

import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.OciJson;
import java.util.LinkedHashSet;
import java.util.Set;

/// Follows manifests and indexes to all the blobs of an image that are in the store.
public final class ImageBlobs {
    private final ContentStore content;
    private final Set<Digest> reached = new LinkedHashSet<>();

    public ImageBlobs(ContentStore content) {
        this.content = content;
    }

    /// The blobs, the root first. One that is missing or damaged leads nowhere.
    public Set<Digest> reachable(Descriptor root) {
        reach(root);
        return reached;
    }

    private void reach(Descriptor blob) {
        if (!content.contains(blob.digest()) || !reached.add(blob.digest())) {
            return;
        }
        try {
            if (MediaType.isIndex(blob.mediaType())) {
                OciJson.readIndex(content.read(blob)).manifests().forEach(this::reach);
            } else if (MediaType.isManifest(blob.mediaType())) {
                ImageManifest manifest = OciJson.readManifest(content.read(blob));
                reach(manifest.config());
                manifest.layers().forEach(this::reach);
            }
        } catch (OciFormatException e) {
            return;
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CORRUPT && e.kind() != StoreException.Kind.MISSING) {
                throw e;
            }
        }
    }
}
