package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.cli.template.Struct;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.History;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `jbuild history`: how an image came about, the last instruction first, each with what it added.
public final class HistoryCommand {
    private static final String MISSING = "<missing>";
    private static final int CREATED_BY = 45;
    private static final Struct HEADINGS = Struct.builder()
            .with("ID", "IMAGE")
            .with("CreatedSince", "CREATED")
            .with("CreatedAt", "CREATED AT")
            .with("CreatedBy", "CREATED BY")
            .with("Size", "SIZE")
            .with("SizeBytes", "BYTES")
            .with("Comment", "COMMENT")
            .build();

    private HistoryCommand() {}

    static Options options() {
        return new Options(
                        "history",
                        "[OPTIONS] IMAGE",
                        "Shows how an image came about: every instruction, the last one first, and the size of the"
                                + " files it left.")
                .value("FORMAT", Listing.HELP, "--format")
                .optional(
                        "true|false",
                        "true",
                        "Sizes and times for people (the default); false: bytes and times to the second.",
                        "-H",
                        "--human")
                .flag("Do not shorten IDs and instructions.", "--no-trunc")
                .flag("Print the image's ID only.", "-q", "--quiet")
                .value("PLATFORM", "Which of an image's platforms, such as linux/arm64.", "--platform")
                .operand("IMAGE", "Name or ID.");
    }

    private record Line(String id, @Nullable Instant created, String createdBy, long size, String comment) {}

    public static ExitCode run(List<String> args, Io io) throws OciFormatException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        boolean human = human(options.value("--human").orElse("true"));
        boolean whole = options.has("--no-trunc");
        try (LayerStore store = StoreLocation.openToRead(io, options)) {
            LocalImage image = new LocalImages(store).find(options.operands().getFirst());
            LocalImage.ForPlatform chosen = image.choose(options.value("--platform"));
            List<Line> lines = lines(image, chosen, new LayerSizes(store), whole);
            if (options.has("--quiet")) {
                lines.forEach(line -> io.out().print(line.id() + "\n"));
                return ExitCode.OK;
            }
            // A template or JSON gets the whole instruction: what reads it can shorten it itself.
            boolean shorten =
                    !whole && options.value("--format").orElse("table").startsWith("table");
            String created = human ? "{{.CreatedSince}}" : "{{.CreatedAt}}";
            new Listing("{{.ID}}\t" + created + "\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}", HEADINGS)
                    .print(
                            options.value("--format"),
                            lines.stream()
                                    .map(line -> struct(line, human, shorten, io))
                                    .toList(),
                            io);
        }
        return ExitCode.OK;
    }

    private static boolean human(String word) {
        return switch (word) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new UsageException("--human=" + word + ": expected true or false");
        };
    }

    private static List<Line> lines(LocalImage image, LocalImage.ForPlatform chosen, LayerSizes sizes, boolean whole) {
        List<Line> lines = new ArrayList<>();
        int layers = chosen.manifest().layers().size();
        int layer = 0;
        for (History history : chosen.config().history()) {
            boolean adds = !history.emptyLayer() && layer < layers;
            long size = adds ? sizes.of(chosen, layer++) : 0;
            String comment = history.comment() == null ? "" : history.comment();
            lines.addFirst(new Line(MISSING, ImageRow.said(history.created()), history.createdBy(), size, comment));
        }
        // Some builders write no history, or not of every layer.
        while (layer < layers) {
            lines.addFirst(new Line(MISSING, null, "", sizes.of(chosen, layer++), ""));
        }
        if (!lines.isEmpty()) {
            Line top = lines.removeFirst();
            String id = ImageRow.shortened(image.id(), whole);
            lines.addFirst(new Line(id, top.created(), top.createdBy(), top.size(), top.comment()));
        }
        return lines;
    }

    private static Struct struct(Line line, boolean human, boolean shorten, Io io) {
        Instant created = line.created();
        return Struct.builder()
                .with("Comment", line.comment())
                .with(
                        "CreatedAt",
                        created == null
                                ? ImageRow.UNKNOWN
                                : created.truncatedTo(ChronoUnit.SECONDS).toString())
                .with("CreatedBy", shorten ? shortened(line.createdBy()) : line.createdBy())
                .with(
                        "CreatedSince",
                        created == null
                                ? ImageRow.UNKNOWN
                                : HumanText.ago(
                                        Duration.between(created, io.clock().instant())))
                .with("ID", line.id())
                .with("Size", human ? HumanText.size(line.size()) : Long.toString(line.size()))
                .with("SizeBytes", line.size())
                .build();
    }

    private static String shortened(String createdBy) {
        String line = createdBy.replaceAll("\\s+", " ");
        return line.length() <= CREATED_BY ? line : line.substring(0, CREATED_BY - 1) + "…";
    }
}
