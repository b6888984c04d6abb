package dev.jbuild.cli;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.image.LocalImage;
import dev.jbuild.cli.image.LocalImages;
import dev.jbuild.cli.report.ErrorReport;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// `jbuild rmi`: removes names of images, and images that have none left.
final class RmiCommand {
    private final ImageRemoval removal;
    private final LayerStore store;
    private final boolean force;
    private final boolean alone;
    private final Io io;
    private boolean left;

    private RmiCommand(LayerStore store, boolean force, boolean alone, Io io) {
        this.removal = new ImageRemoval(store, false);
        this.store = store;
        this.force = force;
        this.alone = alone;
        this.io = io;
    }

    private static Options options() {
        return new Options(
                        "rmi",
                        "[OPTIONS] IMAGE...",
                        "Removes names of images, and images that have no name left.",
                        "While a build uses the store only names go, so that it is not disturbed; 'jbuild prune' removes the"
                                + " rest then.")
                .flag(
                        "Remove every name of an image given by its ID, and say nothing of images that are not there.",
                        "-f",
                        "--force")
                .operands("IMAGE", 1, Options.ANY_NUMBER, "Name, name@digest or ID.");
    }

    static ExitCode run(List<String> args, Io io) throws OciFormatException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        boolean force = parsed.get().has("--force");
        Path root = StoreLocation.of(io, parsed.get().value("--root"));
        Optional<LayerStore> alone = LayerStore.tryOpenExclusive(root);
        try (LayerStore store = alone.isPresent() ? alone.get() : LayerStore.open(root)) {
            return new RmiCommand(store, force, alone.isPresent(), io)
                    .remove(parsed.get().operands());
        }
    }

    private ExitCode remove(List<String> images) throws OciFormatException {
        ExitCode code = ExitCode.OK;
        for (String image : images) {
            try {
                remove(image);
            } catch (StoreException e) {
                // One that is not there is no reason to keep the others.
                if (!force || e.kind() != StoreException.Kind.MISSING) {
                    code = ErrorReport.print(e, io, false);
                }
            }
        }
        if (alone) {
            store.remove(removal.garbage());
        } else if (left) {
            io.err()
                    .print(
                            "WARNING: a build uses the store, so that only names are gone; 'jbuild prune' removes what the"
                                    + " images take on disk\n");
        }
        return code;
    }

    private void remove(String image) throws OciFormatException {
        List<ImageStore.Entry> entries = new LocalImages(store).findEntries(image);
        long repositories = entries.stream()
                .map(LocalImage::reference)
                .filter(Objects::nonNull)
                .map(ImageReference::name)
                .distinct()
                .count();
        if (repositories > 1 && !force) {
            throw new StoreException(
                    StoreException.Kind.CONFLICT,
                    "image " + image + " has names in " + repositories + " repositories: "
                            + String.join(
                                    ", ",
                                    entries.stream().map(RmiCommand::called).toList())
                            + "; remove them one by one, or all with --force");
        }
        for (ImageStore.Entry entry : entries) {
            ImageRemoval.Removed removed = removal.remove(entry);
            removed.untagged().ifPresent(name -> io.out().print("Untagged: " + name + "\n"));
            if (removed.deleted().isPresent()) {
                left = true;
                if (alone) {
                    io.out().print("Deleted: " + removed.deleted().get() + "\n");
                }
            }
        }
    }

    private static String called(ImageStore.Entry entry) {
        ImageReference name = LocalImage.reference(entry);
        return name == null ? entry.name() : name.familiar();
    }
}
