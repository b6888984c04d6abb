package dev.jbuild.cli.explore;

import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// An exploration for the terminal: the layers, what is wasted, and the largest files.
public final class TableReport {
    private static final int LISTED = 10;
    private static final int INSTRUCTION = 60;

    private TableReport() {}

    /// The text, with the end of its last line.
    public static String of(Exploration exploration) {
        StringBuilder text = new StringBuilder();
        for (Analysis analysis : exploration.platforms()) {
            if (!text.isEmpty()) {
                text.append('\n');
            }
            append(exploration, analysis, text);
        }
        return text.toString();
    }

    private static void append(Exploration exploration, Analysis analysis, StringBuilder text) {
        Table head = new Table("IMAGE", "PLATFORM", "SIZE", "FILES", "WASTED", "EFFICIENCY");
        head.add(
                exploration.name(),
                analysis.platform().toString(),
                HumanText.size(analysis.size()),
                HumanText.size(analysis.written()),
                HumanText.size(analysis.wasted()),
                percent(analysis.efficiency()));
        text.append(head).append('\n').append(layers(analysis));
        if (!analysis.wasteful().isEmpty()) {
            text.append('\n').append(wasted(analysis));
        }
        if (!analysis.largest().isEmpty()) {
            text.append('\n').append(largest(analysis));
        }
    }

    private static Table layers(Analysis analysis) {
        Map<Integer, Step> steps = new HashMap<>();
        analysis.steps().forEach(step -> steps.put(step.layer(), step));
        Table table =
                new Table("LAYER", "SIZE", "FILES", "WASTED", "ADDED", "CHANGED", "REMOVED", "LINE", "INSTRUCTION");
        for (int i = 0; i < analysis.layers().size(); i++) {
            ExploredLayer layer = analysis.layers().get(i);
            Step step = steps.getOrDefault(i, new Step("", "", i));
            table.add(
                    Integer.toString(i + 1),
                    HumanText.size(layer.size()),
                    HumanText.size(layer.bytes()),
                    HumanText.size(layer.wasted()),
                    Integer.toString(layer.added()),
                    Integer.toString(layer.modified()),
                    Integer.toString(layer.removed()),
                    step.place().isEmpty() ? "-" : step.place(),
                    step.instruction().isEmpty() ? "-" : shortened(step.text()));
        }
        return table;
    }

    private static Table wasted(Analysis analysis) {
        Table table = new Table("WASTED", "VERSIONS", "IN THE END", "FILE");
        for (int file : first(analysis.wasteful())) {
            ExploredFile found = analysis.files().get(file);
            table.add(
                    HumanText.size(found.wasted()),
                    Integer.toString(found.versions()),
                    found.remains() ? "overwritten" : "removed",
                    SafeJson.shown(analysis.path(file)));
        }
        return table;
    }

    private static Table largest(Analysis analysis) {
        Table table = new Table("LARGEST", "LAYER", "FILE");
        for (int file : first(analysis.largest())) {
            Change change = analysis.files().get(file).changes().getLast();
            table.add(
                    HumanText.size(change.state().size()),
                    Integer.toString(change.layer() + 1),
                    SafeJson.shown(analysis.path(file)));
        }
        return table;
    }

    private static List<Integer> first(List<Integer> files) {
        return files.subList(0, Math.min(LISTED, files.size()));
    }

    private static String shortened(String instruction) {
        String line = SafeJson.shown(instruction);
        return line.length() <= INSTRUCTION ? line : line.substring(0, INSTRUCTION - 1) + "…";
    }

    /// Rounded down, so that what is told as 100 % is whole.
    public static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", Math.floor(share * 1000) / 10);
    }
}
