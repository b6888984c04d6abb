package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Offline;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Registries;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.registry.RegistryException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// `jbuild pull`: images of registries into the store.
public final class PullCommand {
    private PullCommand() {}

    static Options options() {
        return Registries.declare(Transfer.declare(new Options(
                                "pull",
                                "[OPTIONS] NAME[:TAG|@DIGEST]...",
                                "Fetches images from their registries into the local store.",
                                "Of an image for several platforms this machine's is fetched; the name stands for the"
                                        + " whole index all the same.")
                        .value("PLATFORM", "Fetch this platform, such as linux/arm64.", "--platform")
                        .flag("Fetch every platform, and attestations.", "--all-platforms")))
                .operands("NAME[:TAG|@DIGEST]", 1, Options.ANY_NUMBER, "What to fetch.");
    }

    public static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        boolean all = options.has("--all-platforms");
        if (all && options.has("--platform")) {
            throw new UsageException("--platform and --all-platforms do not go together");
        }
        Optional<Platform> platform = all
                ? Optional.empty()
                : Optional.of(options.value("--platform")
                        .map(LocalImage::parsePlatform)
                        .orElse(Platform.host()));
        // Before anything is fetched, all names are known to be names.
        options.operands().forEach(LocalImages::parse);
        try (LayerStore store = StoreLocation.open(io, options);
                Registries registries = Registries.of(options, io, Offline.inEnvironment(io))) {
            for (String name : options.operands()) {
                pull(name, platform, options, store, registries, io);
            }
        }
        return ExitCode.OK;
    }

    private static void pull(
            String text,
            Optional<Platform> platform,
            Options.Parsed options,
            LayerStore store,
            Registries registries,
            Io io)
            throws IOException, InterruptedException {
        RemoteImage image;
        try {
            image = RemoteImage.resolve(text, registries.get());
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                ImageReference name = LocalImages.parse(text);
                throw new StoreException(
                        StoreException.Kind.MISSING,
                        name.familiar() + ": not found in " + name.registry() + " (" + e.getMessage() + ")",
                        null,
                        e);
            }
            throw e;
        }
        ImageReference name = image.reference();
        Digest digest = image.root().descriptor().digest();
        Optional<Descriptor> before = store.images().get(storeName(name));
        boolean quiet = options.has("--quiet");
        if (!quiet) {
            io.out()
                    .print(
                            name.tag() == null
                                    ? name.name() + ": Pulling\n"
                                    : name.tag() + ": Pulling from " + name.name() + "\n");
            io.out().flush();
        }
        AtomicBoolean fetched = new AtomicBoolean();
        Transfer.run(
                "Pulling",
                name.familiar(),
                options,
                io,
                step -> new Pull(image, store, (blob, current) -> {
                            fetched.set(true);
                            step.progress(blob.digest().toString(), current, blob.size());
                        })
                        .fetch(platform));
        Descriptor root = image.root().descriptor();
        if (!before.equals(Optional.of(root))) {
            store.images().put(storeName(name), root, io.clock().instant());
        }
        if (!quiet) {
            boolean newer = fetched.get() || !before.equals(Optional.of(root));
            io.out()
                    .print("Digest: " + digest + "\n"
                            + (newer
                                    ? "Status: Downloaded newer image for " + name.familiar() + "\n"
                                    : "Status: Image is up to date for " + name.familiar() + "\n"));
        }
        io.out().print(storeName(name) + "\n");
    }

    /// A digest makes sure of what is fetched; with a tag beside it, the tag is the name.
    private static String storeName(ImageReference name) {
        String tag = name.tag();
        return tag == null || name.digest() == null
                ? name.toString()
                : name.withTag(tag).toString();
    }
}
