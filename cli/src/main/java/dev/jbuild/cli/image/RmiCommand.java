package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ErrorReport;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.util.List;
import java.util.Optional;

/// `jbuild rmi`: names go at once, the disk space of images without a name with the next prune.
public final class RmiCommand {
    private RmiCommand() {}

    static Options options() {
        return new Options(
                        "rmi",
                        "[OPTIONS] IMAGE...",
                        "Removes names of images.",
                        "An image that has no name left is removed by the next 'jbuild prune', so that a build which is"
                                + " using it now is not disturbed.")
                .flag(
                        "Remove every name of an image given by its ID, and say nothing of images that are not there.",
                        "-f",
                        "--force")
                .operands("IMAGE", 1, Options.ANY_NUMBER, "Name or ID.");
    }

    public static ExitCode run(List<String> args, Io io) throws OciFormatException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        boolean force = parsed.get().has("--force");
        ExitCode code = ExitCode.OK;
        try (LayerStore store = StoreLocation.open(io, parsed.get())) {
            for (String image : parsed.get().operands()) {
                try {
                    remove(image, force, store, io);
                } catch (StoreException e) {
                    // One that is not there is no reason to keep the others.
                    if (!force || e.kind() != StoreException.Kind.MISSING) {
                        code = ErrorReport.print(e, io, false);
                    }
                }
            }
        }
        return code;
    }

    private static void remove(String image, boolean force, LayerStore store, Io io) throws OciFormatException {
        List<ImageStore.Entry> entries = new LocalImages(store).findEntries(image);
        if (entries.size() > 1 && !force) {
            throw new StoreException(
                    StoreException.Kind.CONFLICT,
                    "image " + image + " has " + entries.size()
                            + " names; remove them one by one, or all with --force");
        }
        for (ImageStore.Entry entry : entries) {
            store.images().remove(entry.name());
            ImageReference name = LocalImage.reference(entry);
            io.out().print((name == null ? "Deleted: " + entry.name() : "Untagged: " + name.familiar()) + "\n");
        }
    }
}
