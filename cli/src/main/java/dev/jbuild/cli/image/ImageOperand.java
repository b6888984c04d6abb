package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Offline;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Registries;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.explore.Analysis;
import dev.jbuild.cli.explore.Exploration;
import dev.jbuild.cli.explore.ImageFile;
import dev.jbuild.cli.explore.ImageFinder;
import dev.jbuild.cli.explore.ImageForPlatform;
import dev.jbuild.cli.explore.PlatformChoice;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.Resolved;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Finds the image that `jbuild explore` is to show: in the store, in a file, or in a registry.
final class ImageOperand {
    private static final String REGISTRY = "docker://";
    private static final List<String> FILES = List.of("oci:", "oci-archive:", "docker-archive:");

    private final Io io;
    private final Options.Parsed options;
    private final Optional<PlatformChoice> choice;

    ImageOperand(Io io, Options.Parsed options, Optional<PlatformChoice> choice) {
        this.io = io;
        this.options = options;
        this.choice = choice;
    }

    Exploration explore(String text) throws IOException, InterruptedException, OciFormatException {
        if (text.startsWith(REGISTRY)) {
            return inRegistry(LocalImages.parse(text.substring(REGISTRY.length())));
        }
        for (String scheme : FILES) {
            if (text.startsWith(scheme)) {
                return inFile(text.substring(scheme.length()));
            }
        }
        if (text.startsWith("/") || text.startsWith("./") || text.startsWith("../") || text.equals(".")) {
            return inFile(text);
        }
        Optional<Exploration> stored = inStore(text);
        if (stored.isPresent()) {
            return stored.get();
        }
        return pathEnd(text) > 0 ? inFile(text) : inRegistry(LocalImages.parse(text));
    }

    private Optional<Exploration> inStore(String text) throws IOException, InterruptedException, OciFormatException {
        try (LayerStore store = StoreLocation.openToRead(io, options)) {
            LocalImage image;
            try {
                image = new LocalImages(store).find(text);
            } catch (StoreException e) {
                // What cannot be anything but an ID is nowhere else.
                if (e.kind() != StoreException.Kind.MISSING || LocalImages.parseOrNull(text) == null) {
                    throw e;
                }
                return Optional.empty();
            }
            List<ImageForPlatform> images = new ImageFinder(store.content()::open)
                    .images(
                            image.root(),
                            child -> store.content().contains(child.digest()),
                            choice.orElse(new PlatformChoice.All()));
            return Optional.of(exploration(image.familiar(), image.root().digest(), images, store));
        }
    }

    /// Where a path ends and the image's name in it begins: whatever exists is the path. 0 if nothing exists.
    private int pathEnd(String text) {
        int end = text.length();
        while (end > 0 && !Files.exists(io.directory().resolve(text.substring(0, end)))) {
            end = text.lastIndexOf(':', end - 1);
        }
        return Math.max(end, 0);
    }

    private Exploration inFile(String text) throws IOException, InterruptedException, OciFormatException {
        int end = pathEnd(text);
        if (end <= 0) {
            throw new UsageException("there is no file or directory " + text);
        }
        Path path = io.directory().resolve(text.substring(0, end));
        String name = end == text.length() ? "" : text.substring(end + 1);
        try (ImageFile file = ImageFile.open(path)) {
            ImageFile.Found found = file.find(name, choice.orElse(new PlatformChoice.All()));
            return exploration(text, found.digest(), found.images(), null);
        }
    }

    private Exploration inRegistry(ImageReference name) throws IOException, InterruptedException, OciFormatException {
        if (Offline.is(options, io)) {
            throw new StoreException(
                    StoreException.Kind.MISSING,
                    name.familiar() + " would have to be asked for at " + name.registry()
                            + ", and jbuild is offline: fetch it with 'jbuild pull' first");
        }
        try (Registries registries = Registries.of(options, io, false)) {
            RegistryClient client = registries.get();
            Resolved root = client.resolve(name);
            Digest rootDigest = root.descriptor().digest();
            ImageFinder finder = new ImageFinder(blob -> blob.digest().equals(rootDigest)
                    ? new ByteArrayInputStream(root.bytes())
                    : open(client, root.reference(), blob));
            List<ImageForPlatform> images = finder.images(
                    root.descriptor(), child -> true, choice.orElse(new PlatformChoice.Preferred(Platform.host())));
            return exploration(name.familiar(), rootDigest, images, null);
        }
    }

    private static InputStream open(RegistryClient client, ImageReference name, Descriptor blob) throws IOException {
        return MediaType.isManifest(blob.mediaType())
                ? new ByteArrayInputStream(
                        client.resolve(name.withDigest(blob.digest())).bytes())
                : client.openBlob(name, blob);
    }

    private static Exploration exploration(
            String name, Digest digest, List<ImageForPlatform> images, @Nullable LayerStore builtBy)
            throws IOException, InterruptedException {
        List<Analysis> platforms = new ArrayList<>();
        for (ImageForPlatform image : images) {
            platforms.add(Analysis.of(
                    image, builtBy == null ? List.of() : builtBy.places().of(image.configDigest())));
        }
        return new Exploration(name, digest, platforms);
    }
}
