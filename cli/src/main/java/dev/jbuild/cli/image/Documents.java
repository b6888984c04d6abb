package dev.jbuild.cli.image;

import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.registry.RegistryClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/// Where the blobs of an image are: in the store, or in a registry.
public sealed interface Documents {
    /// Whether the blob can be had.
    boolean contains(Digest digest);

    /// All of a small blob, verified.
    byte[] read(Descriptor blob) throws IOException;

    /// A blob, verified while it is read.
    InputStream open(Descriptor blob) throws IOException;

    /// Blobs of the local store.
    record Stored(ContentStore content) implements Documents {
        @Override
        public boolean contains(Digest digest) {
            return content.contains(digest);
        }

        @Override
        public byte[] read(Descriptor blob) {
            return content.read(blob);
        }

        @Override
        public InputStream open(Descriptor blob) {
            return content.open(blob);
        }
    }

    /// Blobs of a repository. What was read once is remembered.
    record Remote(RegistryClient client, ImageReference repository, Map<Digest, byte[]> known) implements Documents {
        private static final int BIGGEST = 8 << 20;

        public Remote(RegistryClient client, ImageReference repository) {
            this(client, repository, new HashMap<>());
        }

        /// It is there as far as the document that names it can be believed.
        @Override
        public boolean contains(Digest digest) {
            return true;
        }

        @Override
        public byte[] read(Descriptor blob) throws IOException {
            byte[] bytes = known.get(blob.digest());
            if (bytes == null) {
                bytes = fetch(blob);
                known.put(blob.digest(), bytes);
            }
            return bytes;
        }

        private byte[] fetch(Descriptor blob) throws IOException {
            if (MediaType.isIndex(blob.mediaType()) || MediaType.isManifest(blob.mediaType())) {
                return client.resolve(repository.withDigest(blob.digest())).bytes();
            }
            if (blob.size() > BIGGEST) {
                throw new StoreException(
                        StoreException.Kind.UNSUPPORTED,
                        "blob " + blob.digest() + " of type " + blob.mediaType() + " has " + blob.size()
                                + " bytes, more than the " + BIGGEST + " that a document may have");
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            client.readBlob(repository, blob, in -> {
                bytes.reset();
                in.transferTo(bytes);
            });
            return bytes.toByteArray();
        }

        @Override
        public InputStream open(Descriptor blob) throws IOException {
            return client.openBlob(repository, blob);
        }
    }
}
