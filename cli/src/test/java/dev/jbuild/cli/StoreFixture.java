package dev.jbuild.cli;

import dev.jbuild.cli.report.FakeIo;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.History;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Puts small images into a real store. Everything about them is fixed, so that their digests are.
public final class StoreFixture {
    public static final Instant CREATED = FakeIo.START.minus(Duration.ofDays(3));
    private final LayerStore store;

    public StoreFixture(LayerStore store) {
        this.store = store;
    }

    /// An image of one layer, an uncompressed tar with one file of this size, under this name.
    public Descriptor image(String name, int fileSize) {
        return named(name, manifest(Platform.parse("linux/amd64"), fileSize));
    }

    /// An image for two platforms.
    public Descriptor index(String name, int amd64, int arm64) {
        Descriptor one = manifest(Platform.parse("linux/amd64"), amd64);
        Descriptor other = manifest(Platform.parse("linux/arm64"), arm64);
        ImageIndex index = new ImageIndex(MediaType.OCI_INDEX, List.of(one, other));
        return named(name, store.content().put(MediaType.OCI_INDEX, OciJson.write(index)));
    }

    /// Makes a name stand for an image; a digest as the name means that it has none.
    public Descriptor named(String name, Descriptor root) {
        String canonical =
                name.startsWith("sha256:") ? name : ImageReference.parse(name).toString();
        store.images().put(canonical, root, FakeIo.START.minus(Duration.ofHours(5)));
        return root;
    }

    public Descriptor manifest(Platform platform, int fileSize) {
        byte[] tar = tar("file", fileSize);
        Descriptor layer = store.content().put(MediaType.OCI_LAYER, tar);
        ContainerConfig config = new ContainerConfig(
                "1000:1000",
                new TreeSet<>(List.of("80/tcp")),
                List.of("PATH=/usr/bin", "LANG=C"),
                List.of("/app"),
                List.of("--help"),
                new TreeSet<>(),
                "/srv",
                new TreeMap<>(Map.of("team", "build")),
                null,
                false,
                null,
                List.of(),
                null);
        ImageConfig image = new ImageConfig(
                platform,
                CREATED,
                null,
                config,
                List.of(new DiffId(Digest.of(tar))),
                List.of(
                        new History(CREATED, "COPY file /file # buildkit", null, "buildkit.dockerfile.v0", false),
                        new History(
                                CREATED,
                                "ENTRYPOINT [\"/app\"] and a text that is longer than a column of the table",
                                null,
                                "buildkit.dockerfile.v0",
                                true)));
        Descriptor written = store.content().put(MediaType.OCI_CONFIG, OciJson.write(image));
        ImageManifest manifest = new ImageManifest(MediaType.OCI_MANIFEST, written, List.of(layer));
        return store.content()
                .put(MediaType.OCI_MANIFEST, OciJson.write(manifest))
                .withPlatform(platform);
    }

    /// A ustar archive of one file.
    public static byte[] tar(String name, int size) {
        int padded = (size + 511) / 512 * 512;
        byte[] tar = new byte[512 + padded + 1024];
        put(name, tar, 0);
        put("0000644", tar, 100);
        put(String.format("%011o", size), tar, 124);
        put("        ", tar, 148);
        tar[156] = '0';
        put("ustar", tar, 257);
        put("00", tar, 263);
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xff;
        }
        put(String.format("%06o", sum), tar, 148);
        tar[154] = 0;
        return tar;
    }

    private static void put(String text, byte[] tar, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, tar, at, bytes.length);
    }
}
