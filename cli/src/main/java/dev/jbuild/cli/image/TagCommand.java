package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.util.List;
import java.util.Optional;

/// `jbuild tag`: one more name for an image.
public final class TagCommand {
    private TagCommand() {}

    static Options options() {
        return new Options("tag", "[OPTIONS] IMAGE NAME[:TAG]", "Gives an image of the local store one more name.")
                .operand("IMAGE", "Name or ID of an image that is there.")
                .operand("NAME[:TAG]", "The new name. If it stands for an image already, it is moved.");
    }

    public static ExitCode run(List<String> args, Io io) throws OciFormatException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        String source = parsed.get().operands().get(0);
        String target = parsed.get().operands().get(1);
        ImageReference name = LocalImages.parse(target);
        if (name.digest() != null) {
            throw new UsageException("cannot give an image the name \"" + target + "\": it ends with a digest");
        }
        try (LayerStore store = StoreLocation.open(io, parsed.get())) {
            LocalImage image = new LocalImages(store).find(source);
            store.images().put(name.toString(), image.root(), io.clock().instant());
            if (image.name() == null) {
                // It has a name now, so it need not be kept for its own sake.
                store.images().remove(image.storeName());
            }
        }
        return ExitCode.OK;
    }
}
