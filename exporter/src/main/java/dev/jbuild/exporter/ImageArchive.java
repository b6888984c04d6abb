package dev.jbuild.exporter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Images as a tar archive: an OCI layout and, for Docker, the `manifest.json` that its `load` reads.
///
/// The same images give the same bytes: blobs come sorted by digest, times are zero and owners are root.
final class ImageArchive {
    private final List<NamedImage> images;
    private final boolean docker;
    private final @Nullable Instant created;

    /// @param docker whether there is a `manifest.json`; every image is for one platform then
    /// @param created what the layout says of when the images were made
    ImageArchive(List<NamedImage> images, boolean docker, @Nullable Instant created) {
        this.images = List.copyOf(images);
        this.docker = docker;
        this.created = created;
    }

    void write(WritableByteChannel out, ContentStore content, ExportListener listener) throws IOException {
        SortedMap<Digest, Descriptor> blobs = new TreeMap<>();
        Map<Digest, byte[]> documents = new HashMap<>();
        for (NamedImage named : images) {
            blobs.putAll(named.image().blobs());
            documents.putAll(named.image().documents());
        }
        byte[] index = LayoutIndex.of(images, created);
        byte[] manifest = docker ? dockerManifest() : new byte[0];
        long total = (long) index.length + manifest.length + LayoutIndex.VERSION_FILE.length;
        for (Descriptor blob : blobs.values()) {
            total += blob.size();
        }
        ArchiveWriter archive = new ArchiveWriter(out, listener, "writing archive", total);
        archive.directory("blobs");
        archive.directory("blobs/sha256");
        for (Descriptor blob : blobs.values()) {
            String name = LayoutIndex.blobName(blob.digest());
            byte[] document = documents.get(blob.digest());
            if (document != null) {
                archive.file(name, document);
            } else {
                archive.file(name, content, blob);
            }
        }
        archive.file("index.json", index);
        if (docker) {
            archive.file("manifest.json", manifest);
        }
        archive.file("oci-layout", LayoutIndex.VERSION_FILE);
        archive.finish();
    }

    private byte[] dockerManifest() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            json.writeStartArray();
            for (NamedImage named : images) {
                PlatformImage image = named.image().platforms().getFirst();
                json.writeStartObject();
                json.writeStringField(
                        "Config", LayoutIndex.blobName(image.config().digest()));
                if (named.names().isEmpty()) {
                    json.writeNullField("RepoTags");
                } else {
                    json.writeArrayFieldStart("RepoTags");
                    for (String name : named.names()) {
                        json.writeString(ImageReference.parse(name).familiar());
                    }
                    json.writeEndArray();
                }
                json.writeArrayFieldStart("Layers");
                for (Descriptor layer : image.layers()) {
                    json.writeString(LayoutIndex.blobName(layer.digest()));
                }
                json.writeEndArray();
                json.writeEndObject();
            }
            json.writeEndArray();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }
}
