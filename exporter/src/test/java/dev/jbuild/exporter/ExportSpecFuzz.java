package dev.jbuild.exporter;

import dev.jbuild.parser.fuzz.CpuBudget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/// The value of `--output`: comma-separated values, and options that depend on the type.
public final class ExportSpecFuzz {
    private static final CpuBudget BUDGET = new CpuBudget(500);

    private ExportSpecFuzz() {}

    /// The fuzzer's entry point.
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        parse(text);
        parse("type=" + text);
        fields(text);
        if (BUDGET.isDue()) {
            String large = CpuBudget.large(text);
            CpuBudget.check("reading an --output", () -> parse("type=local," + large));
        }
    }

    private static void parse(String text) {
        try {
            ExportSpec spec = ExportSpec.parse(text);
            if (!spec.equals(ExportSpec.parse(text))) {
                throw new AssertionError("a second reading differs: " + spec);
            }
        } catch (ExportException e) {
            String message = e.getMessage();
            if (message == null || message.isBlank() || e.kind() != ExportException.Kind.USAGE) {
                throw new AssertionError("a finding that says nothing", e);
            }
        }
    }

    /// Whatever the fields are, put between quotes they are the same.
    private static void fields(String text) {
        List<String> fields;
        try {
            fields = CsvLine.fields(text);
        } catch (ExportException e) {
            return;
        }
        String quoted = fields.stream()
                .map(field -> '"' + field.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(","));
        if (!CsvLine.fields(quoted).equals(fields)) {
            throw new AssertionError(fields + " is, quoted, " + CsvLine.fields(quoted));
        }
    }
}
