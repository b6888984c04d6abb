package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `jbuild load`: images of an archive into the store.
public final class LoadCommand {
    private static final int BUFFER = 256 << 10;

    private LoadCommand() {}

    static Options options() {
        return new Options(
                        "load",
                        "[OPTIONS]",
                        "Takes the images of an archive into the local store: what 'docker save', 'podman save', 'skopeo"
                                + " copy', 'buildah push' and 'jbuild save' write, an OCI layout or a docker archive,"
                                + " plain or compressed with gzip, zstd, bzip2 or xz.",
                        "Every digest is checked. Names in the archive are taken over, and moved if they stand for"
                                + " something else.")
                .value(
                        "FILE",
                        "The archive, or the directory of an OCI layout; - is standard input, which is also the"
                                + " default.",
                        "-i",
                        "--input")
                .value("NAME[:TAG]", "The name for an archive's only image, instead of its own.", "-t", "--tag")
                .flag("Print the images' IDs only.", "-q", "--quiet");
    }

    public static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        Optional<ImageReference> tag = options.value("--tag").map(LocalImages::parse);
        String input = options.value("--input").orElse("-");
        if (input.equals("-") && io.terminal().input()) {
            throw new UsageException("no archive: give one with -i FILE or redirect standard input");
        }
        try (LayerStore store = StoreLocation.open(io, options)) {
            List<LoadedImage> images = read(input, store, io);
            if (tag.isPresent() && images.size() != 1) {
                throw new UsageException("--tag names one image, and the archive has " + images.size());
            }
            for (LoadedImage image : images) {
                keep(image, tag.map(List::of).orElse(image.names()), options.has("--quiet"), store, io);
            }
        }
        return ExitCode.OK;
    }

    private static List<LoadedImage> read(String input, LayerStore store, Io io) throws IOException {
        ImageArchiveReader reader = new ImageArchiveReader(store);
        if (input.equals("-")) {
            reader.readArchive(new BufferedInputStream(io.in(), BUFFER));
        } else {
            Path file = io.directory().resolve(input);
            if (Files.isDirectory(file)) {
                reader.readLayout(file);
            } else {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
                    reader.readArchive(in);
                }
            }
        }
        return reader.images();
    }

    private static void keep(LoadedImage image, List<ImageReference> names, boolean quiet, LayerStore store, Io io) {
        Descriptor root = image.root();
        Digest id = image.id();
        if (names.isEmpty()) {
            store.images().put(root.digest().toString(), root, io.clock().instant());
        }
        for (ImageReference name : names) {
            store.images().put(name.toString(), root, io.clock().instant());
        }
        if (quiet) {
            io.out().print(id + "\n");
        } else if (names.isEmpty()) {
            io.out().print("Loaded image ID: " + id + "\n");
        } else {
            names.forEach(name -> io.out().print("Loaded image: " + name.familiar() + "\n"));
        }
    }
}
