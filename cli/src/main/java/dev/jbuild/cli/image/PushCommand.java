package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Offline;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Registries;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.exporter.ExportListener;
import dev.jbuild.exporter.Exporter;
import dev.jbuild.exporter.StoredImage;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.solver.event.Steps;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `jbuild push`: images of the store into their registries.
public final class PushCommand {
    private final LayerStore store;
    private final Options.Parsed options;
    private final Io io;

    private PushCommand(LayerStore store, Options.Parsed options, Io io) {
        this.store = store;
        this.options = options;
        this.io = io;
    }

    static Options options() {
        return Registries.declare(Transfer.declare(new Options(
                                "push",
                                "[OPTIONS] NAME[:TAG]",
                                "Puts an image of the local store into the registry that its name says, with all its"
                                        + " platforms and attestations.",
                                "What the registry has already is not sent again. The tag comes last, so that it never"
                                        + " stands for something that is not there.")
                        .flag("Push every tag of the repository.", "-a", "--all-tags")
                        .value("PLATFORM", "Push one platform of an index, as a single image.", "--platform")))
                .operand("NAME[:TAG]", "The image.");
    }

    public static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        String operand = options.operands().getFirst();
        ImageReference reference = LocalImages.parse(operand);
        if (reference.digest() != null) {
            throw new UsageException("cannot push by digest: give a name and a tag, not \"" + operand + '"');
        }
        if (options.has("--all-tags") && operand.indexOf(':', operand.lastIndexOf('/') + 1) >= 0) {
            throw new UsageException("--all-tags pushes every tag: give the name without one");
        }
        try (LayerStore store = StoreLocation.openToRead(io, options);
                Registries registries = Registries.of(options, io, Offline.inEnvironment(io))) {
            new PushCommand(store, options, io).push(operand, reference, registries);
        }
        return ExitCode.OK;
    }

    private void push(String operand, ImageReference reference, Registries registries)
            throws IOException, InterruptedException {
        List<StoredImage> images = new ArrayList<>();
        if (options.has("--all-tags")) {
            for (ImageStore.Entry entry : store.images().list()) {
                ImageReference name = LocalImage.reference(entry);
                if (name != null && name.digest() == null && name.name().equals(reference.name())) {
                    images.add(image(LocalImage.read(entry, store.content()), name));
                }
            }
        }
        if (images.isEmpty()) {
            // Also for the message of what is not there.
            images.add(image(new LocalImages(store).find(operand), reference));
        }
        for (StoredImage image : images) {
            ImageReference name = ImageReference.parse(image.names().getFirst());
            if (!options.has("--quiet")) {
                io.out().print("The push refers to repository [" + name.name() + "]\n");
            }
            io.out().flush();
            Transfer.run(
                    "Pushing",
                    name.familiar(),
                    options,
                    io,
                    step -> Exporter.push(List.of(image), store, registries, new Shown(step)));
            io.out()
                    .print(
                            options.has("--quiet")
                                    ? name + "\n"
                                    : name.tag() + ": digest: " + image.root().digest() + " size: "
                                            + image.root().size() + "\n");
        }
    }

    private StoredImage image(LocalImage image, ImageReference name) throws IOException {
        return new StoredImage(root(image), List.of(name.toString()));
    }

    /// What is pushed of an image: all of it, or the platform that is asked for. An index needs everything that it
    /// names; if only one of its platforms was ever pulled, it is that one, as Docker does.
    private Descriptor root(LocalImage image) throws IOException {
        Optional<String> platform = options.value("--platform");
        if (platform.isPresent()) {
            return image.choose(platform).descriptor();
        }
        Descriptor root = image.root();
        if (!MediaType.isIndex(root.mediaType())) {
            return root;
        }
        ContentStore content = store.content();
        List<Descriptor> children = OciJson.readIndex(content.read(root)).manifests();
        List<Descriptor> missing = children.stream()
                .filter(child -> !content.contains(child.digest()))
                .toList();
        if (missing.isEmpty()) {
            return root;
        }
        if (image.platforms().size() == 1) {
            LocalImage.ForPlatform only = image.platforms().getFirst();
            io.err()
                    .print("WARNING: of " + image.familiar() + " only " + only.platform()
                            + " is in the store, so that this platform is pushed alone; 'jbuild pull --all-platforms' fetches the"
                            + " others\n");
            return only.descriptor();
        }
        throw new StoreException(
                StoreException.Kind.MISSING,
                "of the " + children.size() + " manifests of " + image.familiar() + " " + missing.size()
                        + " are not in the store; fetch them with 'jbuild pull --all-platforms', or push one with"
                        + " --platform");
    }

    private record Shown(Steps.Step step) implements ExportListener {
        @Override
        public void progress(String thing, long current, long total) {
            step.progress(thing, current, total);
        }

        @Override
        public void warn(String message) {
            step.warn(message);
        }
    }
}
