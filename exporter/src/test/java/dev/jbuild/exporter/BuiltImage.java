package dev.jbuild.exporter;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.BlobWriter;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.History;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.layerstore.snapshot.MountedView;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The result of a build that never was: layers of a file each, in the store, not compressed whatever is asked for, so
/// that digests do not depend on a compressor.
record BuiltImage(Platform platform, ImageConfig config, List<LayerBlob> blobs, LayerStore store)
        implements PlatformResult {
    /// For exports that push nothing.
    static final Exporter.Outlets OUTLETS = new Exporter.Outlets(
            () -> {
                throw new AssertionError("nothing is pushed");
            },
            new ContainerEngines(Map.of()),
            OutputStream.nullOutputStream());

    /// The same with this as standard output.
    static Exporter.Outlets printingTo(OutputStream stdout) {
        return new Exporter.Outlets(OUTLETS.registry(), OUTLETS.engines(), stdout);
    }

    /// An image whose layers have these files, one each.
    static BuiltImage of(LayerStore store, String platform, Map<String, String> files) throws IOException {
        List<LayerBlob> blobs = new ArrayList<>();
        List<History> history = new ArrayList<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            blobs.add(layer(store, tar(file.getKey(), file.getValue())));
            history.add(new History(null, "COPY " + file.getKey() + " /", null, "jbuild", false));
        }
        history.add(new History(null, "CMD [\"/hello\"]", null, "jbuild", true));
        ImageConfig config = new ImageConfig(
                Platform.parse(platform),
                null,
                null,
                ContainerConfig.EMPTY.toBuilder()
                        .env("PATH", "/bin")
                        .cmd(List.of("/hello"))
                        .build(),
                List.of(),
                history);
        return new BuiltImage(Platform.parse(platform), config, blobs, store);
    }

    static byte[] tar(String name, String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ArchiveWriter tar = new ArchiveWriter(Channels.newChannel(bytes), ExportListener.NONE, "layer", 0);
        tar.file(name, content.getBytes(StandardCharsets.UTF_8));
        tar.finish();
        return bytes.toByteArray();
    }

    static LayerBlob layer(LayerStore store, byte[] tar) throws IOException {
        try (BlobWriter blob = store.content().newBlob()) {
            blob.out().write(tar);
            Digest digest = blob.commit(null);
            return new LayerBlob(new Descriptor(MediaType.OCI_LAYER, digest, tar.length), new DiffId(digest));
        }
    }

    @Override
    public List<LayerBlob> layers(LayerFormat format) {
        return blobs;
    }

    @Override
    public MountedView rootfs() throws InterruptedException {
        List<DiffId> chain = new ArrayList<>();
        List<SnapshotId> snapshots = new ArrayList<>();
        for (LayerBlob blob : blobs) {
            chain.add(blob.diffId());
            snapshots.add(store.snapshots()
                    .unpack(
                            List.copyOf(chain),
                            () -> List.copyOf(snapshots),
                            () -> store.content().open(blob.descriptor())));
        }
        return store.snapshots().view(snapshots);
    }

    /// What is asked of an export of these, with everything optional left out.
    static ExportRequest request(List<? extends PlatformResult> platforms, String... names) {
        return new ExportRequest(
                List.copyOf(platforms),
                platforms.size() > 1,
                List.of(names),
                new ImageTime.Fixed(),
                Instant.EPOCH,
                List.of());
    }
}
