package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Json;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `jbuild inspect`: all there is to know of images, as JSON.
public final class InspectCommand {
    private InspectCommand() {}

    static Options options() {
        return new Options(
                        "inspect",
                        "[OPTIONS] IMAGE...",
                        "Prints all there is to know of images: an array with one object each, in the fields of docker"
                                + " inspect, with the descriptor of the manifest or index.")
                .flag("Print the manifest or index as it is stored, byte for byte.", "--raw")
                .value("FORMAT", "array, or json: one object a line.", "--format", "-f")
                .value("PLATFORM", "Which of an image's platforms, such as linux/arm64.", "--platform")
                .operands("IMAGE", 1, Options.ANY_NUMBER, "Name or ID.");
    }

    public static ExitCode run(List<String> args, Io io) throws OciFormatException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        boolean lines = options.json("array");
        boolean raw = options.has("--raw");
        if (raw && options.operands().size() > 1) {
            throw new UsageException("--raw prints one image; give one name");
        }
        try (LayerStore store = StoreLocation.open(io, options)) {
            List<ImageDetails> found = new ArrayList<>();
            LocalImages images = new LocalImages(store);
            for (String name : options.operands()) {
                LocalImage image = images.find(name);
                if (raw) {
                    byte[] document = store.content()
                            .read(
                                    options.value("--platform").isPresent()
                                            ? image.choose(options.value("--platform"))
                                                    .descriptor()
                                            : image.root());
                    io.out().write(document, 0, document.length);
                    return ExitCode.OK;
                }
                found.add(ImageDetails.of(image, options.value("--platform"), store));
            }
            print(found, lines, io);
        }
        return ExitCode.OK;
    }

    private static void print(List<ImageDetails> found, boolean lines, Io io) {
        if (lines) {
            found.forEach(details -> io.out().print(Json.line(details::write)));
            return;
        }
        io.out().print(Json.pretty(out -> {
            out.writeStartArray();
            for (ImageDetails details : found) {
                details.write(out);
            }
            out.writeEndArray();
        }));
    }
}
