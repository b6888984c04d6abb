package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.exporter.Destination;
import dev.jbuild.exporter.ExportListener;
import dev.jbuild.exporter.Exporter;
import dev.jbuild.exporter.StoredImage;
import dev.jbuild.layerstore.LayerStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `jbuild save`: images of the store as one archive.
public final class SaveCommand {
    private SaveCommand() {}

    static Options options() {
        return new Options(
                        "save",
                        "[OPTIONS] IMAGE...",
                        "Writes images of the local store to one archive, which 'docker load', 'podman load' and"
                                + " 'skopeo copy' read.")
                .value("FILE", "Where to write; - is standard output, which is also the default.", "-o", "--output")
                .value(
                        "FORMAT",
                        "docker (the default): of several platforms only this machine's. oci: an OCI layout with all"
                                + " of them.",
                        "--format")
                .operands("IMAGE", 1, Options.ANY_NUMBER, "Name or ID.");
    }

    public static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        boolean docker = docker(options.value("--format").orElse("docker"));
        Destination destination = destination(options.value("--output").orElse("-"), io);
        try (LayerStore store = StoreLocation.openToRead(io, options)) {
            LocalImages images = new LocalImages(store);
            List<StoredImage> chosen = new ArrayList<>();
            for (String operand : options.operands()) {
                LocalImage image = images.find(operand);
                // Asked for by its ID, it has no name in the archive, as with docker save.
                List<String> names = image.name() == null || image.isCalledByIdIn(operand)
                        ? List.of()
                        : List.of(image.name().toString());
                chosen.add(new StoredImage(image.root(), names));
            }
            Exporter.save(chosen, docker, destination, store, io.out(), new Warnings(io));
        }
        return ExitCode.OK;
    }

    private static boolean docker(String format) {
        return switch (format) {
            case "docker", "docker-archive" -> true;
            case "oci", "oci-archive" -> false;
            default -> throw new UsageException("unknown format \"" + format + "\": expected docker or oci");
        };
    }

    private static Destination destination(String output, Io io) {
        return switch (Destination.parse(output)) {
            case Destination.File(var path) ->
                new Destination.File(io.directory().resolve(path));
            case Destination.Stdout stdout -> {
                if (io.terminal().output()) {
                    throw new UsageException(
                            "refusing to write an archive to the terminal; use -o FILE or redirect standard output");
                }
                yield stdout;
            }
        };
    }

    private record Warnings(Io io) implements ExportListener {
        @Override
        public void progress(String thing, long current, long total) {}

        @Override
        public void warn(String message) {
            io.err().print("WARNING: " + message + "\n");
        }
    }
}
