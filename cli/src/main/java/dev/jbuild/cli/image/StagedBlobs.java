package dev.jbuild.cli.image;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.archive.Decompressor;
import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What an archive brings, beside the content store until all of it is known to be good, and what the store
/// has already.
final class StagedBlobs {
    private static final int BUFFER = 256 << 10;

    private final ContentStore content;
    private final ContentStore staged;
    private final Set<Digest> wanted = new LinkedHashSet<>();
    private final Map<Digest, Digest> uncompressed = new HashMap<>();

    StagedBlobs(LayerStore store) {
        this.content = store.content();
        this.staged = store.newStagedContent();
    }

    /// Whether the blob came with the archive, or was there before.
    boolean contains(Digest digest) {
        return content.contains(digest) || staged.contains(digest);
    }

    /// Whether the store itself has a blob of this digest and size. What the archive has instead would not be used, so
    /// that it need not be looked at.
    boolean known(Digest digest, long size) {
        return content.contains(digest) && content.size(digest) == size;
    }

    long size(Digest digest) {
        return place(digest).size(digest);
    }

    byte[] read(Descriptor blob) {
        return place(blob.digest()).read(blob);
    }

    InputStream open(Descriptor blob) {
        return place(blob.digest()).open(blob);
    }

    private ContentStore place(Digest digest) {
        return content.contains(digest) ? content : staged;
    }

    BlobWriter newBlob() {
        return staged.newBlob();
    }

    Descriptor put(String mediaType, byte[] document) {
        return staged.put(mediaType, document);
    }

    /// The blob belongs to an image of the archive.
    void want(Digest digest) {
        wanted.add(digest);
    }

    /// Checks that each layer, when it is not compressed, is what the image's configuration says.
    ///
    /// @param names what to call the layers in a message
    void checkLayers(List<Descriptor> layers, ImageConfig config, List<String> names) throws IOException {
        for (int i = 0; i < layers.size(); i++) {
            Digest expected = config.diffIds().get(i).digest();
            Digest actual = uncompressed(layers.get(i));
            if (!actual.equals(expected)) {
                throw ImageArchiveReader.refused("layer " + names.get(i) + " has the diff ID " + actual
                        + ", its image configuration says " + expected);
            }
        }
    }

    private Digest uncompressed(Descriptor layer) throws IOException {
        Digest known = uncompressed.get(layer.digest());
        if (known != null) {
            return known;
        }
        MessageDigest hash = Digest.newSha256();
        try (InputStream blob = open(layer);
                InputStream tar = Decompressor.open(blob)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                hash.update(buffer, 0, n);
            }
        }
        Digest found = Digest.ofHash(hash.digest());
        uncompressed.put(layer.digest(), found);
        return found;
    }

    /// Puts what the images of the archive need into the content store. The rest never gets there.
    void adopt() {
        for (Digest digest : wanted) {
            if (!content.contains(digest)) {
                content.adopt(digest, staged);
            }
        }
    }
}
