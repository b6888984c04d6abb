package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Reads the documents of an image, from wherever its blobs are.
public final class ImageFinder {
    private static final int MOST_PLATFORMS = 100;

    private final Blobs blobs;

    /// @param blobs opens a blob, verified while it is read
    public ImageFinder(Blobs blobs) {
        this.blobs = blobs;
    }

    /// Where blobs come from.
    @FunctionalInterface
    public interface Blobs {
        InputStream open(Descriptor blob) throws IOException, InterruptedException;
    }

    /// The images that a manifest or an index stands for, without what an index holds besides images, such
    /// as attestations.
    ///
    /// @param there which of the manifests of an index there are: of others nothing is read
    public List<ImageForPlatform> images(Descriptor root, Predicate<Descriptor> there, PlatformChoice choice)
            throws IOException, InterruptedException, OciFormatException {
        if (!MediaType.isIndex(root.mediaType())) {
            ImageForPlatform image = image(root);
            choice.check(image.platform());
            return List.of(image);
        }
        List<Descriptor> children = OciJson.readIndex(read(root, OciJson.MAX_MANIFEST)).manifests().stream()
                .filter(child -> isImage(child) && there.test(child))
                .limit(MOST_PLATFORMS)
                .toList();
        List<ImageForPlatform> images = new ArrayList<>();
        for (Descriptor child : choice.of(children)) {
            images.add(image(child));
        }
        return images;
    }

    private static boolean isImage(Descriptor child) {
        return MediaType.isManifest(child.mediaType())
                && (child.platform() == null || !child.platform().os().equals("unknown"));
    }

    private ImageForPlatform image(Descriptor descriptor) throws IOException, InterruptedException, OciFormatException {
        ImageManifest manifest = OciJson.readManifest(read(descriptor, OciJson.MAX_MANIFEST));
        ImageConfig config = OciJson.readConfig(read(manifest.config(), OciJson.MAX_CONFIG));
        List<LayerSource> layers = manifest.layers().stream()
                .map(layer -> new LayerSource(layer.digest(), layer.size(), () -> blobs.open(layer)))
                .toList();
        return new ImageForPlatform(descriptor.digest(), manifest.config().digest(), config, layers);
    }

    private byte[] read(Descriptor blob, int most) throws IOException, InterruptedException, OciFormatException {
        if (blob.size() > most) {
            throw new OciFormatException(
                    blob.mediaType(), "", "it has " + blob.size() + " bytes, more than " + most, null);
        }
        try (InputStream in = blobs.open(blob)) {
            return in.readAllBytes();
        }
    }
}
