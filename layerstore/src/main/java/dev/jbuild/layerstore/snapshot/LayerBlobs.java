package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.archive.Compressor;
import dev.jbuild.layerstore.archive.EstargzLayer;
import dev.jbuild.layerstore.archive.LayerWriter;
import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.Fields;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.StoreLock;
import dev.jbuild.layerstore.content.StoreLocks;
import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Blobs of snapshots, and the records of which were made.
final class LayerBlobs {
    private static final String PREFIX = "blob-";
    private static final String ANNOTATION = "annotation ";
    private static final int BUFFER = 128 << 10;

    private final SnapshotStore store;
    private final ContentStore content;
    private final TempArea temp;
    private final StoreLocks locks;
    private final Marks marks;

    LayerBlobs(SnapshotStore store, ContentStore content, TempArea temp, StoreLocks locks, Marks marks) {
        this.store = store;
        this.content = content;
        this.temp = temp;
        this.locks = locks;
        this.marks = marks;
    }

    @SuppressWarnings("try") // a lock is only held
    LayerBlob blob(SnapshotId id, LayerFormat format) throws InterruptedException {
        Path record = store.directory(id).resolve(PREFIX + format.key());
        Optional<LayerBlob> known = known(record);
        if (known.isPresent()) {
            return known.get();
        }
        try (StoreLock held = locks.lock(PREFIX + format.key() + "/" + id)) {
            known = known(record);
            if (known.isPresent()) {
                return known.get();
            }
            LayerBlob made = make(id, format);
            temp.publish(record, fields(made));
            return made;
        }
    }

    private Optional<LayerBlob> known(Path record) {
        try {
            LayerBlob blob = of(Fields.read(record));
            return Optional.of(blob).filter(b -> content.contains(b.descriptor().digest()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StoreException.of(e, record, "read the record of a layer");
        }
    }

    /// One pass: the tree is read, hashed as a tar, compressed, hashed again and written.
    private LayerBlob make(SnapshotId id, LayerFormat format) throws InterruptedException {
        try (BlobWriter blob = content.newBlob()) {
            DiffId diffId;
            if (format.compression() == Compression.NONE) {
                try (OutputStream tar = new BufferedOutputStream(blob.out(), BUFFER)) {
                    LayerWriter.write(store.fs(id), tar, format.timestamps(), marks);
                }
                Digest digest = blob.commit(null);
                diffId = new DiffId(digest);
                return new LayerBlob(descriptor(format, digest, blob.size()), diffId);
            }
            if (format.compression() == Compression.ESTARGZ) {
                EstargzLayer layer;
                try (OutputStream out = new BufferedOutputStream(blob.out(), BUFFER)) {
                    layer = LayerWriter.writeEstargz(store.fs(id), out, format.level(), format.timestamps(), marks);
                }
                Digest digest = blob.commit(null);
                return new LayerBlob(
                        descriptor(format, digest, blob.size()).withAnnotations(layer.annotations()), layer.diffId());
            }
            try (OutputStream compressor = Compressor.open(blob.out(), format.compression(), format.level());
                    DigestOutputStream hashed = new DigestOutputStream(compressor, Digest.newSha256());
                    OutputStream tar = new BufferedOutputStream(hashed, BUFFER)) {
                LayerWriter.write(store.fs(id), tar, format.timestamps(), marks);
                tar.flush();
                diffId = new DiffId(Digest.ofHash(hashed.getMessageDigest().digest()));
            }
            Digest digest = blob.commit(null);
            return new LayerBlob(descriptor(format, digest, blob.size()), diffId);
        } catch (InterruptedIOException e) {
            throw new InterruptedException("interrupted while making a layer of snapshot " + id);
        } catch (IOException e) {
            throw StoreException.of(e, store.fs(id), "make a layer of snapshot " + id);
        }
    }

    private static Descriptor descriptor(LayerFormat format, Digest digest, long size) {
        return new Descriptor(format.compression().layerMediaType(), digest, size);
    }

    List<LayerBlob> recorded(SnapshotId id) {
        List<LayerBlob> found = new ArrayList<>();
        Path directory = store.directory(id);
        try (DirectoryStream<Path> records = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path record : records) {
                found.add(of(Fields.read(record)));
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw StoreException.of(e, directory, "read the records of snapshot " + id);
        }
        return found;
    }

    private static Fields fields(LayerBlob blob) {
        Fields fields = new Fields();
        for (Map.Entry<String, String> note : blob.descriptor().annotations().entrySet()) {
            fields = fields.with(ANNOTATION + note.getKey(), note.getValue());
        }
        return fields.with("type", blob.descriptor().mediaType())
                .with("digest", blob.descriptor().digest().toString())
                .with("size", Long.toString(blob.descriptor().size()))
                .with("diffid", blob.diffId().toString());
    }

    private static LayerBlob of(Fields fields) {
        Map<String, String> annotations = new TreeMap<>();
        fields.values().forEach((name, value) -> {
            if (name.startsWith(ANNOTATION)) {
                annotations.put(name.substring(ANNOTATION.length()), value);
            }
        });
        return new LayerBlob(
                new Descriptor(fields.required("type"), Digest.parse(fields.required("digest")), fields.number("size"))
                        .withAnnotations(annotations),
                DiffId.parse(fields.required("diffid")));
    }
}
