package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Offline;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Registries;
import dev.jbuild.cli.explore.Analysis;
import dev.jbuild.cli.explore.Exploration;
import dev.jbuild.cli.explore.JsonReport;
import dev.jbuild.cli.explore.PageReport;
import dev.jbuild.cli.explore.PlatformChoice;
import dev.jbuild.cli.explore.TableReport;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.Platform;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// `jbuild explore`: what is inside an image, layer by layer.
public final class ExploreCommand {
    private static final String STDOUT = "-";

    private ExploreCommand() {}

    private enum Format {
        HTML,
        JSON,
        TABLE
    }

    static Options options() {
        Options options = new Options(
                        "explore",
                        "[OPTIONS] IMAGE",
                        "Shows what is inside an image: what each layer adds, changes and removes, what is wasted, and"
                                + " the largest files; by default as an HTML page that needs nothing but a browser.")
                .value(
                        "FORMAT",
                        "html (the default), json, or table: a summary for the terminal. All but html go to standard"
                                + " output.",
                        "--format")
                .value("FILE", "Where to write; - is standard output.", "-o", "--output")
                .value("SHARE", "End with 1 if the efficiency is under this, such as 0.95.", "--fail-under")
                .value(
                        "PLATFORM",
                        "Which of an image's platforms, such as linux/arm64; or all, which is the default but for images"
                                + " in registries.",
                        "--platform")
                .operand(
                        "IMAGE",
                        "Name or ID; an OCI layout, an OCI or Docker archive; or docker:// and a"
                                + " name in a registry, which is also where names are looked for that the store does not"
                                + " have.");
        return Offline.declare(Registries.declare(options));
    }

    public static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException, OciFormatException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        Format format = format(options.value("--format").orElse("html"));
        Optional<BigDecimal> least = options.value("--fail-under").map(ExploreCommand::share);
        Optional<PlatformChoice> platform = options.value("--platform").map(ExploreCommand::platform);
        String image = options.operands().getFirst();
        String output = options.value("--output").orElse(format == Format.HTML ? fileName(image) : STDOUT);
        if (output.equals(STDOUT) && format == Format.HTML && io.terminal().output()) {
            throw new UsageException("refusing to write a page to the terminal; use -o FILE, or --format=table");
        }
        Exploration exploration = new ImageOperand(io, options, platform).explore(image);
        if (output.equals(STDOUT)) {
            write(exploration, format, new OutputStreamWriter(io.out(), StandardCharsets.UTF_8));
        } else {
            Path file = io.directory().resolve(output);
            try (BufferedWriter out = Files.newBufferedWriter(file)) {
                write(exploration, format, out);
            }
            io.out().print(told(output, exploration));
        }
        return verdict(exploration, least, io);
    }

    private static void write(Exploration exploration, Format format, Writer out) throws IOException {
        switch (format) {
            case HTML -> PageReport.write(exploration, out);
            case JSON -> JsonReport.write(exploration, out);
            case TABLE -> out.write(TableReport.of(exploration));
        }
        out.flush();
    }

    private static String told(String output, Exploration exploration) {
        StringBuilder text = new StringBuilder();
        for (Analysis analysis : exploration.platforms()) {
            text.append(output)
                    .append(": ")
                    .append(analysis.platform())
                    .append(", ")
                    .append(analysis.layers().size())
                    .append(analysis.layers().size() == 1 ? " layer, " : " layers, ")
                    .append(HumanText.size(analysis.written()))
                    .append(" of files, ")
                    .append(HumanText.size(analysis.wasted()))
                    .append(" wasted, efficiency ")
                    .append(TableReport.percent(analysis.efficiency()))
                    .append('\n');
        }
        return text.toString();
    }

    private static ExitCode verdict(Exploration exploration, Optional<BigDecimal> least, Io io) {
        ExitCode verdict = ExitCode.OK;
        for (Analysis analysis : exploration.platforms()) {
            if (least.isPresent() && analysis.efficiency() < least.get().doubleValue()) {
                io.err()
                        .print("ERROR: the efficiency for " + analysis.platform() + " is "
                                + TableReport.percent(analysis.efficiency()) + ", under the "
                                + least.get()
                                        .movePointRight(2)
                                        .stripTrailingZeros()
                                        .toPlainString()
                                + " % of --fail-under; " + HumanText.size(analysis.wasted()) + " are wasted\n");
                verdict = ExitCode.BUILD_FAILED;
            }
        }
        return verdict;
    }

    private static Format format(String word) {
        return switch (word) {
            case "html" -> Format.HTML;
            case "json" -> Format.JSON;
            case "table" -> Format.TABLE;
            default -> throw new UsageException("unknown format \"" + word + "\": expected html, json or table");
        };
    }

    private static PlatformChoice platform(String text) {
        if (text.equals("all")) {
            return new PlatformChoice.All();
        }
        try {
            return new PlatformChoice.Only(Platform.parse(text));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--platform: expected something like linux/arm64, or all, not \"" + text + '"');
        }
    }

    /// Reads `0.95` or `95%`.
    private static BigDecimal share(String text) {
        boolean percent = text.endsWith("%");
        String number = percent ? text.substring(0, text.length() - 1) : text;
        if (number.matches("[0-9]{1,3}(\\.[0-9]{1,9})?")) {
            BigDecimal share = percent ? new BigDecimal(number).movePointLeft(2) : new BigDecimal(number);
            if (share.compareTo(BigDecimal.ONE) <= 0) {
                return share;
            }
        }
        throw new UsageException(
                "--fail-under: expected a share from 0 to 1 such as 0.95, or 95%, not \"" + text + '"');
    }

    /// `team-app-1.2.html` for `team/app:1.2`, in the current directory.
    private static String fileName(String image) {
        String name = image.replaceFirst("^[a-z-]+:(//)?(?=[./])|^docker://", "")
                .replaceFirst("(?<=.)\\.(tar|tar\\.gz|tgz|tar\\.zst)$", "");
        String path = image.startsWith("/") || image.startsWith(".") ? name.substring(name.lastIndexOf('/') + 1) : name;
        String safe = path.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-.]+|-+$", "");
        return (safe.isEmpty()
                        ? "image"
                        : safe.substring(0, Math.min(safe.length(), 100)).toLowerCase(Locale.ROOT)) + ".html";
    }
}
