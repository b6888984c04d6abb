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
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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
        Documents.Stored documents = new Documents.Stored(content);
        try {
            List<ForPlatform> platforms = platforms(entry.descriptor(), documents, child -> true);
            return new LocalImage(entry.name(), reference(entry), entry.descriptor(), entry.tagged(), platforms);
        } catch (OciFormatException e) {
            throw e;
        } catch (IOException e) {
            throw StoreException.of(e, content.path(entry.descriptor().digest()), "read an image");
        }
    }

    /// An image of a registry. Of an index the platforms that are wanted are fetched, or all if none of them is.
    static LocalImage fetch(RemoteImage remote, Optional<String> platform, boolean all) throws IOException {
        Descriptor root = remote.root().descriptor();
        Platform wanted = platform.isEmpty() ? Platform.host() : parsePlatform(platform.get());
        List<ForPlatform> platforms =
                platforms(root, remote.documents(), child -> all || wanted.equals(child.platform()));
        if (platforms.isEmpty() && !all) {
            platforms = platforms(root, remote.documents(), child -> true);
        }
        return new LocalImage(remote.reference().toString(), remote.reference(), root, Instant.EPOCH, platforms);
    }

    private static List<ForPlatform> platforms(Descriptor root, Documents documents, Predicate<Descriptor> wanted)
            throws IOException {
        if (!MediaType.isIndex(root.mediaType())) {
            return List.of(readManifest(root, documents));
        }
        List<ForPlatform> platforms = new ArrayList<>();
        for (Descriptor child : OciJson.readIndex(documents.read(root)).manifests()) {
            if (isImage(child) && wanted.test(child) && documents.contains(child.digest())) {
                platforms.add(readManifest(child, documents));
            }
        }
        return platforms;
    }

    /// Whether what an index names is an image, rather than an attestation.
    static boolean isImage(Descriptor child) {
        return MediaType.isManifest(child.mediaType())
                && (child.platform() == null || !child.platform().os().equals("unknown"));
    }

    private static ForPlatform readManifest(Descriptor descriptor, Documents documents) throws IOException {
        ImageManifest manifest = OciJson.readManifest(documents.read(descriptor));
        return new ForPlatform(descriptor, manifest, OciJson.readConfig(documents.read(manifest.config())));
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

    static Platform parsePlatform(String text) {
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
