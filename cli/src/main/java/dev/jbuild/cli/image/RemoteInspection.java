package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Offline;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Registries;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.TerminalText;
import dev.jbuild.cli.template.Template;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// `jbuild imagetools inspect`: what a name stands for in its registry.
final class RemoteInspection {
    private RemoteInspection() {}

    static Options options() {
        return Registries.declare(new Options(
                                "imagetools inspect",
                                "[OPTIONS] NAME",
                                "Shows what a name stands for in its registry: a manifest, or an index and what is in it."
                                        + " Nothing is fetched but what is shown.",
                                "Templates have .Name, .Manifest, .Image (the image configuration; of several platforms"
                                        + " a map of them), .Provenance and .SBOM.")
                        .flag("Print the manifest or index as the registry has it, byte for byte.", "--raw")
                        .value("TEMPLATE", "A Go template such as {{json .Manifest}}; json: all of it.", "--format"))
                .operand("NAME", "Name of an image, with tag or digest.");
    }

    static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        Optional<Template> template = options.value("--format")
                .map(format -> Template.parse(format.equals("json") ? "{{json .}}" : Listing.unescaped(format)));
        try (Registries registries = Registries.of(options, io, Offline.inEnvironment(io))) {
            RemoteImage image = RemoteImage.resolve(options.operands().getFirst(), registries.get());
            if (options.has("--raw")) {
                byte[] bytes = image.root().bytes();
                io.out().write(bytes, 0, bytes.length);
            } else if (template.isPresent()) {
                io.out().print(text(template.get(), image) + "\n");
            } else {
                io.out().print(summary(image));
            }
        }
        return ExitCode.OK;
    }

    private static String text(Template template, RemoteImage image) throws IOException {
        try {
            return template.apply(new RemoteFacts(image).all());
        } catch (UncheckedIOException e) {
            throw e.getCause() == null ? new IOException(e) : e.getCause();
        }
    }

    private static String summary(RemoteImage image) throws IOException {
        Descriptor root = image.root().descriptor();
        StringBuilder text = new StringBuilder();
        text.append("Name:      ").append(image.reference()).append('\n');
        text.append("MediaType: ").append(root.mediaType()).append('\n');
        text.append("Digest:    ").append(root.digest()).append('\n');
        if (!MediaType.isIndex(root.mediaType())) {
            return text.toString();
        }
        text.append("\nManifests:\n");
        for (Descriptor child : OciJson.readIndex(image.root().bytes()).manifests()) {
            text.append("  Name:        ")
                    .append(image.reference().name())
                    .append('@')
                    .append(child.digest())
                    .append('\n');
            text.append("  MediaType:   ")
                    .append(TerminalText.plain(child.mediaType()))
                    .append('\n');
            if (child.platform() != null) {
                text.append("  Platform:    ").append(child.platform()).append('\n');
            }
            if (!child.annotations().isEmpty()) {
                text.append("  Annotations:\n");
                for (Map.Entry<String, String> annotation : new TreeMap<>(child.annotations()).entrySet()) {
                    text.append("    ")
                            .append(TerminalText.plain(annotation.getKey()))
                            .append(": ")
                            .append(TerminalText.plain(annotation.getValue()))
                            .append('\n');
                }
            }
            text.append('\n');
        }
        return text.toString();
    }
}
