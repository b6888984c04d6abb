package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Json;
import dev.jbuild.cli.report.Table;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.History;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `jbuild history`: how an image came about, the last instruction first, each with what it added.
public final class HistoryCommand {
    private static final String MISSING = "<missing>";
    private static final int CREATED_BY = 45;

    private HistoryCommand() {}

    static Options options() {
        return new Options(
                        "history",
                        "[OPTIONS] IMAGE",
                        "Shows how an image came about: every instruction, the last one first, and the size of the"
                                + " files it left.")
                .flag("Do not shorten IDs and instructions.", "--no-trunc")
                .flag("Print the image's ID only.", "-q", "--quiet")
                .value("FORMAT", "table, or json: one object a line.", "--format")
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
        boolean json = options.json("table");
        try (LayerStore store = StoreLocation.open(io, options)) {
            LocalImage image = new LocalImages(store).find(options.operands().getFirst());
            LocalImage.ForPlatform chosen = image.choose(options.value("--platform"));
            List<Line> lines = lines(image, chosen, new LayerSizes(store), options.has("--no-trunc"));
            if (options.has("--quiet")) {
                lines.forEach(line -> io.out().print(line.id() + "\n"));
            } else if (json) {
                lines.forEach(line -> io.out().print(json(line, io)));
            } else {
                io.out().print(table(lines, options.has("--no-trunc"), io));
            }
        }
        return ExitCode.OK;
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

    private static String table(List<Line> lines, boolean whole, Io io) {
        Table table = new Table("IMAGE", "CREATED", "CREATED BY", "SIZE", "COMMENT");
        for (Line line : lines) {
            String createdBy = line.createdBy().replaceAll("\\s+", " ");
            table.add(
                    line.id(),
                    since(line, io),
                    whole || createdBy.length() <= CREATED_BY
                            ? createdBy
                            : createdBy.substring(0, CREATED_BY - 1) + "…",
                    HumanText.size(line.size()),
                    line.comment());
        }
        return table.toString();
    }

    private static String since(Line line, Io io) {
        Instant created = line.created();
        return created == null
                ? ImageRow.UNKNOWN
                : HumanText.ago(Duration.between(created, io.clock().instant()));
    }

    private static String json(Line line, Io io) {
        return Json.line(out -> {
            out.writeStartObject();
            out.writeStringField("Comment", line.comment());
            Instant created = line.created();
            out.writeStringField("CreatedAt", created == null ? ImageRow.UNKNOWN : created.toString());
            out.writeStringField("CreatedBy", line.createdBy());
            out.writeStringField("CreatedSince", since(line, io));
            out.writeStringField("ID", line.id());
            out.writeStringField("Size", HumanText.size(line.size()));
            out.writeNumberField("SizeBytes", line.size());
            out.writeEndObject();
        });
    }
}
