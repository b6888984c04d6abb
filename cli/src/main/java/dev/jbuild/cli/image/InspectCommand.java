package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Offline;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Registries;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ErrorReport;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Json;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.cli.template.Struct;
import dev.jbuild.cli.template.Template;
import dev.jbuild.cli.template.Values;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `jbuild inspect`: all there is to know of images, as JSON.
public final class InspectCommand {
    private final Options.Parsed options;
    private final Io io;
    private final Optional<String> platform;

    private InspectCommand(Options.Parsed options, Io io) {
        this.options = options;
        this.io = io;
        this.platform = options.value("--platform");
    }

    static Options options() {
        return Registries.declare(new Options(
                                "inspect",
                                "[OPTIONS] IMAGE...",
                                "Prints all there is to know of images: an array with one object each, in the fields of docker"
                                        + " inspect, with the descriptor of the manifest or index.",
                                "An image that is not there is told on standard error; the others are printed.")
                        .value(
                                "FORMAT",
                                "array; json: one object a line; or a Go template such as {{.Config.User}}.",
                                "--format",
                                "-f")
                        .flag("Print the manifest or index as it is stored, byte for byte.", "--raw")
                        .flag("Print the image configuration as it is stored, byte for byte.", "--raw-config")
                        .flag("Look into the images' registries, not into the local store.", "--remote")
                        .value("PLATFORM", "Which of an image's platforms, such as linux/arm64.", "--platform"))
                .operands("IMAGE", 1, Options.ANY_NUMBER, "Name or ID.");
    }

    public static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        if (options.has("--raw") && options.has("--raw-config")) {
            throw new UsageException("--raw and --raw-config are different documents; ask for one");
        }
        if (isRaw(options) && options.operands().size() > 1) {
            throw new UsageException("--raw prints one image; give one name");
        }
        String format = options.value("--format").orElse("array");
        Optional<Template> template = format.equals("array") || format.equals("json")
                ? Optional.empty()
                : Optional.of(Template.parse(Listing.unescaped(format)));
        InspectCommand command = new InspectCommand(options, io);
        return options.has("--remote") ? command.remote(template, format) : command.local(template, format);
    }

    private static boolean isRaw(Options.Parsed options) {
        return options.has("--raw") || options.has("--raw-config");
    }

    private ExitCode local(Optional<Template> template, String format) throws IOException, InterruptedException {
        try (LayerStore store = StoreLocation.openToRead(io, options)) {
            LocalImages images = new LocalImages(store);
            return each(template, format, name -> {
                LocalImage image = images.find(name);
                if (isRaw(options)) {
                    raw(image, new Documents.Stored(store.content()));
                    return Optional.empty();
                }
                return Optional.of(ImageDetails.of(image, platform, store));
            });
        }
    }

    private ExitCode remote(Optional<Template> template, String format) throws IOException {
        try (Registries registries = Registries.of(options, io, Offline.inEnvironment(io))) {
            return each(template, format, name -> {
                RemoteImage remote = RemoteImage.resolve(name, registries.get());
                LocalImage image = remote.image(platform, false);
                if (isRaw(options)) {
                    raw(image, remote.documents());
                    return Optional.empty();
                }
                List<Descriptor> manifests = MediaType.isIndex(image.root().mediaType())
                        ? OciJson.readIndex(remote.documents().read(image.root()))
                                .manifests()
                        : List.of();
                return Optional.of(ImageDetails.ofRemote(image, platform, manifests));
            });
        }
    }

    /// Finds what there is to tell of one name; nothing if it is printed already.
    private interface Finder {
        Optional<Struct> find(String name) throws IOException;
    }

    private ExitCode each(Optional<Template> template, String format, Finder finder) throws IOException {
        ExitCode code = ExitCode.OK;
        List<Struct> found = new ArrayList<>();
        for (String name : options.operands()) {
            try {
                finder.find(name).ifPresent(found::add);
            } catch (StoreException e) {
                if (options.operands().size() == 1) {
                    throw e;
                }
                code = ErrorReport.print(e, io, false);
            }
        }
        if (isRaw(options)) {
            return code;
        }
        if (template.isPresent()) {
            found.forEach(details -> io.out().print(template.get().apply(details) + "\n"));
        } else if (format.equals("json")) {
            found.forEach(details -> io.out().print(Json.line(out -> Values.write(details, out))));
        } else {
            io.out().print(Json.pretty(out -> Values.write(found, out)));
        }
        return code;
    }

    private void raw(LocalImage image, Documents documents) throws IOException {
        boolean config = options.has("--raw-config");
        Descriptor document = config
                ? image.choose(platform).manifest().config()
                : platform.isPresent() ? image.choose(platform).descriptor() : image.root();
        byte[] bytes = documents.read(document);
        io.out().write(bytes, 0, bytes.length);
    }
}
