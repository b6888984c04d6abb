package dev.jbuild.cli.image;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An image of the store under one of its names.
///
/// @param name null for an image that was built without one
/// @param root its manifest, or its index if it is for several platforms
public record LocalImage(
        String storeName, @Nullable ImageReference name, Descriptor root, Instant tagged, List<ForPlatform> platforms) {
    public LocalImage {
        platforms = List.copyOf(platforms);
    }

    /// The image for one platform.
    public record ForPlatform(Descriptor descriptor, ImageManifest manifest, ImageConfig config) {
        public Platform platform() {
            return config.platform();
        }
    }

    /// Reads the documents that make up an image. What a index holds besides images, such as attestations, and
    /// platforms that were never fetched are left out.
    public static LocalImage read(ImageStore.Entry entry, ContentStore content) throws OciFormatException {
        List<ForPlatform> platforms = new ArrayList<>();
        Descriptor root = entry.descriptor();
        if (MediaType.isIndex(root.mediaType())) {
            for (Descriptor child : OciJson.readIndex(content.read(root)).manifests()) {
                boolean image = MediaType.isManifest(child.mediaType())
                        && (child.platform() == null || !child.platform().os().equals("unknown"));
                if (image && content.contains(child.digest())) {
                    platforms.add(readManifest(child, content));
                }
            }
        } else {
            platforms.add(readManifest(root, content));
        }
        return new LocalImage(entry.name(), reference(entry), root, entry.tagged(), platforms);
    }

    private static ForPlatform readManifest(Descriptor descriptor, ContentStore content) throws OciFormatException {
        ImageManifest manifest = OciJson.readManifest(content.read(descriptor));
        return new ForPlatform(descriptor, manifest, OciJson.readConfig(content.read(manifest.config())));
    }

    /// The name as people know it; an image without one is kept under its digest.
    public static @Nullable ImageReference reference(ImageStore.Entry entry) {
        return isDigest(entry.name()) ? null : ImageReference.parse(entry.name());
    }

    private static boolean isDigest(String name) {
        return name.startsWith("sha256:");
    }

    /// What `docker images` calls the image's ID: the digest of its configuration, or of its index.
    public Digest id() {
        return platforms.size() == 1 && !MediaType.isIndex(root.mediaType())
                ? platforms.getFirst().manifest().config().digest()
                : root.digest();
    }

    /// The image for this machine, else the first.
    public Optional<ForPlatform> shown() {
        return exactly(Platform.host())
                .or(() -> platforms.isEmpty() ? Optional.empty() : Optional.of(platforms.getFirst()));
    }

    /// The image for the platform of this name, or for this machine if there is none.
    public ForPlatform choose(Optional<String> platform) {
        Optional<ForPlatform> found = platform.isEmpty() ? shown() : exactly(parsePlatform(platform.get()));
        return found.orElseThrow(() -> {
            String there = platforms.stream().map(p -> p.platform().toString()).collect(Collectors.joining(", "));
            return new StoreException(
                    StoreException.Kind.MISSING,
                    familiar() + " has no image for " + platform.orElse("any platform")
                            + (there.isEmpty() ? "" : "; it is for " + there));
        });
    }

    private Optional<ForPlatform> exactly(Platform wanted) {
        return platforms.stream()
                .filter(candidate -> candidate.platform().equals(wanted))
                .findFirst();
    }

    private static Platform parsePlatform(String text) {
        try {
            return Platform.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--platform: expected something like linux/arm64, not \"" + text + '"');
        }
    }

    /// Whether this text is the image's ID, or the beginning of it, rather than its name.
    public boolean isCalledByIdIn(String text) {
        String hex = text.startsWith("sha256:") ? text.substring("sha256:".length()) : text;
        boolean id = hex.length() >= 4
                && (id().hex().startsWith(hex) || root.digest().hex().startsWith(hex));
        return id && (name == null || !name.equals(LocalImages.parseOrNull(text)));
    }

    /// `busybox:latest`, or the digest of an image without a name.
    public String familiar() {
        return name == null ? storeName : name.familiar();
    }
}
