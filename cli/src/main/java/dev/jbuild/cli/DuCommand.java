package dev.jbuild.cli;

import dev.jbuild.cli.StoreItem.Kind;
import dev.jbuild.cli.StoreItem.Standing;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Json;
import dev.jbuild.cli.report.Table;
import dev.jbuild.layerstore.LayerStore;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// `jbuild du`: what takes space in the store, by kind, and how much of it a prune would set free.
final class DuCommand {
    private DuCommand() {}

    static Options options() {
        return new Options(
                        "du",
                        "[OPTIONS]",
                        "Shows what takes space in the store. RECLAIMABLE is what 'jbuild prune --all' removes;"
                                + " orphans are what no build can use any more, and what 'jbuild prune' removes.")
                .flag("List every single thing.", "-v", "--verbose")
                .value("FORMAT", "table, or json: one object a line.", "--format");
    }

    static ExitCode run(List<String> args, Io io) throws InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        boolean json = parsed.get().json("table");
        boolean verbose = parsed.get().has("--verbose");
        try (LayerStore store = StoreLocation.openToRead(io, parsed.get())) {
            List<StoreItem> items = StoreUsage.of(store);
            if (json) {
                print(items, verbose, io);
            } else {
                io.out().print(verbose ? every(items) + "\n" + kinds(items) : kinds(items));
            }
        }
        return ExitCode.OK;
    }

    static String every(List<StoreItem> items) {
        Table table = new Table("TYPE", "ID", "SIZE", "STATE", "LAST USED", "DESCRIPTION");
        for (StoreItem item : items) {
            table.add(
                    word(item.kind()),
                    item.id(),
                    HumanText.size(item.bytes()),
                    item.standing().name().toLowerCase(Locale.ROOT),
                    item.lastUsed() == null ? "" : HumanText.time(item.lastUsed()),
                    item.description());
        }
        return table.toString();
    }

    static String word(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String kinds(List<StoreItem> items) {
        Table table = new Table("TYPE", "COUNT", "SIZE", "RECLAIMABLE");
        for (Kind kind : Kind.values()) {
            addRow(kind.title(), items, item -> item.kind() == kind, table);
        }
        addRow("Total", items, item -> true, table);
        addRow("Orphans among them", items, item -> item.standing() == Standing.ORPHAN, table);
        return table.toString();
    }

    private static void addRow(String title, List<StoreItem> items, Predicate<StoreItem> which, Table table) {
        List<StoreItem> chosen = items.stream().filter(which).toList();
        table.add(
                title,
                Integer.toString(chosen.size()),
                HumanText.size(bytes(chosen)),
                HumanText.size(reclaimable(chosen)));
    }

    static long bytes(List<StoreItem> items) {
        return items.stream().mapToLong(StoreItem::bytes).sum();
    }

    private static long reclaimable(List<StoreItem> items) {
        return items.stream()
                .filter(item -> item.standing() != Standing.KEPT)
                .mapToLong(StoreItem::bytes)
                .sum();
    }

    private static void print(List<StoreItem> items, boolean verbose, Io io) {
        if (verbose) {
            for (StoreItem item : items) {
                io.out().print(json(item));
            }
            return;
        }
        for (Kind kind : Kind.values()) {
            List<StoreItem> chosen =
                    items.stream().filter(item -> item.kind() == kind).toList();
            long orphans = chosen.stream()
                    .filter(item -> item.standing() == Standing.ORPHAN)
                    .count();
            io.out().print(Json.line(out -> {
                out.writeStartObject();
                out.writeStringField("Type", word(kind));
                out.writeNumberField("Count", chosen.size());
                out.writeNumberField("Size", bytes(chosen));
                out.writeNumberField("Reclaimable", reclaimable(chosen));
                out.writeNumberField("Orphans", orphans);
                out.writeEndObject();
            }));
        }
    }

    static String json(StoreItem item) {
        return Json.line(out -> {
            out.writeStartObject();
            out.writeStringField("Type", word(item.kind()));
            out.writeStringField("ID", item.id());
            out.writeNumberField("Size", item.bytes());
            out.writeStringField("State", item.standing().name().toLowerCase(Locale.ROOT));
            if (item.lastUsed() != null) {
                out.writeStringField("LastUsed", item.lastUsed().toString());
            }
            out.writeStringField("Description", item.description());
            out.writeEndObject();
        });
    }
}
