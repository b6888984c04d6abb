package dev.jbuild.exporter;

import java.util.ArrayList;
import java.util.List;

/// One line of comma-separated values: a field may stand in double quotes, and then `""` in it is a quote.
final class CsvLine {
    private CsvLine() {}

    /// The fields of a line.
    ///
    /// @throws ExportException if a quote is not closed, or closed too early
    static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (true) {
            StringBuilder field = new StringBuilder();
            if (at < line.length() && line.charAt(at) == '"') {
                at++;
                while (true) {
                    int quote = line.indexOf('"', at);
                    if (quote < 0) {
                        throw ExportException.usage("invalid --output \"" + line + "\": a quote is not closed");
                    }
                    field.append(line, at, quote);
                    at = quote + 1;
                    if (at >= line.length() || line.charAt(at) != '"') {
                        break;
                    }
                    field.append('"');
                    at++;
                }
                if (at < line.length() && line.charAt(at) != ',') {
                    throw ExportException.usage(
                            "invalid --output \"" + line + "\": a closing quote is followed by a comma only");
                }
            } else {
                int comma = line.indexOf(',', at);
                int end = comma < 0 ? line.length() : comma;
                field.append(line, at, end);
                at = end;
            }
            fields.add(field.toString());
            if (at >= line.length()) {
                return fields;
            }
            at++;
        }
    }
}
