package dev.jbuild.cli.image;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Json;
import dev.jbuild.cli.report.Table;
import dev.jbuild.cli.template.Struct;
import dev.jbuild.cli.template.Template;
import dev.jbuild.cli.template.Values;
import java.util.List;
import java.util.Optional;

/// Prints rows as `--format` says: `table`, `table TEMPLATE`, `json` or a template.
final class Listing {
    /// What `--help` says of it.
    static final String HELP = "table, json (one object a line), or a Go template such as {{.ID}}; with 'table ' before"
            + " it, a table of its columns.";

    private static final String TABLE = "table";

    private final String columns;
    private final Struct headings;

    /// @param columns the template of the usual table, a tab between two columns
    /// @param headings what each field is called there
    Listing(String columns, Struct headings) {
        this.columns = columns;
        this.headings = headings;
    }

    /// Prints to standard output.
    void print(Optional<String> format, List<Struct> rows, Io io) {
        String asked = format.orElse(TABLE);
        if (asked.equals("json")) {
            rows.forEach(row -> io.out().print(Json.line(out -> Values.write(row, out))));
            return;
        }
        if (asked.equals(TABLE) || asked.startsWith(TABLE + " ")) {
            String template = asked.equals(TABLE) ? columns : unescaped(asked.substring(TABLE.length() + 1));
            io.out().print(table(Template.parse(template), rows));
            return;
        }
        Template template = Template.parse(unescaped(asked));
        rows.forEach(row -> io.out().print(template.apply(row) + "\n"));
    }

    private String table(Template template, List<Struct> rows) {
        String[] first = cells(template.headings(headings), 0);
        Table table = new Table(first);
        rows.forEach(row -> table.add(cells(template.apply(row), first.length)));
        return table.toString();
    }

    private static String[] cells(String line, int count) {
        String[] cells = count == 0 ? line.split("\t", -1) : line.split("\t", count);
        if (cells.length >= count) {
            return cells;
        }
        String[] padded = new String[count];
        for (int i = 0; i < count; i++) {
            padded[i] = i < cells.length ? cells[i] : "";
        }
        return padded;
    }

    /// A shell passes `\t` on as it is.
    static String unescaped(String format) {
        return format.replace("\\t", "\t").replace("\\n", "\n");
    }
}
