package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Json;
import dev.jbuild.cli.report.Table;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// `jbuild images`: the images of the store, one line a name, the newest first.
public final class ImagesCommand {
    private ImagesCommand() {}

    static Options options() {
        return new Options(
                        "images",
                        "[OPTIONS] [REPOSITORY[:TAG]]",
                        "Lists the images of the local store, the newest first.",
                        "SIZE is that of the files in all layers. Of an image for several platforms it is that of this"
                                + " machine's, or of the first.")
                .flag("Show digests.", "--digests")
                .flag("Do not shorten IDs.", "--no-trunc")
                .flag("Print IDs only.", "-q", "--quiet")
                .value("FORMAT", "table, or json: one object a line.", "--format")
                .operands("REPOSITORY[:TAG]", 0, 1, "Only images of this name.");
    }

    public static ExitCode run(List<String> args, Io io) throws OciFormatException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        boolean json = options.json("table");
        boolean whole = options.has("--no-trunc");
        try (LayerStore store = StoreLocation.open(io, options)) {
            List<ImageRow> rows = rows(store, filter(options.operands()), io);
            if (options.has("--quiet")) {
                Set<String> ids = new LinkedHashSet<>();
                rows.forEach(row -> ids.add(row.shownId(whole)));
                ids.forEach(id -> io.out().print(id + "\n"));
            } else if (json) {
                rows.forEach(row -> io.out().print(json(row, whole, io)));
            } else {
                io.out().print(table(rows, options.has("--digests"), whole, io));
            }
        }
        return ExitCode.OK;
    }

    /// A name without a tag means all of its tags.
    private static Predicate<ImageReference> filter(List<String> operands) {
        if (operands.isEmpty()) {
            return name -> true;
        }
        String text = operands.getFirst();
        ImageReference wanted = LocalImages.parse(text);
        boolean exact = text.indexOf(':', text.lastIndexOf('/') + 1) >= 0;
        return exact ? wanted::equals : name -> name.name().equals(wanted.name());
    }

    private static List<ImageRow> rows(LayerStore store, Predicate<ImageReference> filter, Io io)
            throws OciFormatException {
        LayerSizes sizes = new LayerSizes(store);
        List<ImageRow> rows = new ArrayList<>();
        for (ImageStore.Entry entry : store.images().list()) {
            ImageReference name = LocalImage.reference(entry);
            if (name == null ? !filter.test(NAMELESS) : !filter.test(name)) {
                continue;
            }
            try {
                rows.add(ImageRow.of(LocalImage.read(entry, store.content()), sizes));
            } catch (StoreException e) {
                // One damaged image must not hide the others.
                io.err().print("WARNING: image " + entry.name() + " cannot be read: " + e.getMessage() + "\n");
                rows.add(ImageRow.damaged(entry));
            }
        }
        rows.sort(Comparator.comparing(ImageRow::order)
                .reversed()
                .thenComparing(ImageRow::repository)
                .thenComparing(ImageRow::tag));
        return rows;
    }

    // No name that anybody can ask for.
    private static final ImageReference NAMELESS = new ImageReference("none", "none", "none", null);

    private static String table(List<ImageRow> rows, boolean digests, boolean whole, Io io) {
        Table table = digests
                ? new Table("REPOSITORY", "TAG", "DIGEST", "IMAGE ID", "CREATED", "SIZE")
                : new Table("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE");
        for (ImageRow row : rows) {
            String id = row.shownId(whole);
            String since = since(row, io);
            if (digests) {
                table.add(row.repository(), row.tag(), row.digest().toString(), id, since, row.shownSize());
            } else {
                table.add(row.repository(), row.tag(), id, since, row.shownSize());
            }
        }
        return table.toString();
    }

    private static String since(ImageRow row, Io io) {
        Instant created = row.created();
        return created == null
                ? ImageRow.UNKNOWN
                : HumanText.ago(Duration.between(created, io.clock().instant()));
    }

    private static String json(ImageRow row, boolean whole, Io io) {
        return Json.line(out -> {
            out.writeStartObject();
            Instant created = row.created();
            out.writeStringField("CreatedAt", created == null ? ImageRow.UNKNOWN : HumanText.time(created));
            out.writeStringField("CreatedSince", since(row, io));
            out.writeStringField("Digest", row.digest().toString());
            out.writeStringField("ID", row.shownId(whole));
            out.writeStringField("Platforms", String.join(",", row.platforms()));
            out.writeStringField("Repository", row.repository());
            out.writeStringField("Size", row.shownSize());
            out.writeStringField("Tag", row.tag());
            out.writeEndObject();
        });
    }
}
