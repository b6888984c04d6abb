package dev.jbuild.cli.report;

import java.util.ArrayList;
import java.util.List;

/// Rows of text in aligned columns, three spaces apart, as Docker prints its tables.
public final class Table {
    private static final int GAP = 3;

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        rows.add(List.of(headings));
    }

    /// Adds a row of as many cells as there are headings.
    public void add(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(
                    cells.length + " cells in a table of " + rows.getFirst().size() + " columns");
        }
        rows.add(List.of(cells));
    }

    /// The table, each row with a line end; control characters do not get into it.
    @Override
    public String toString() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], TerminalText.width(TerminalText.plain(row.get(i))));
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            int owed = 0;
            for (int i = 0; i < columns; i++) {
                String cell = TerminalText.plain(row.get(i));
                if (!cell.isEmpty()) {
                    text.repeat(' ', owed).append(cell);
                    owed = 0;
                }
                owed += widths[i] + GAP - TerminalText.width(cell);
            }
            text.append('\n');
        }
        return text.toString();
    }
}
