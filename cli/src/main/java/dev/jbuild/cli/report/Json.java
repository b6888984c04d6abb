package dev.jbuild.cli.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// JSON for commands to print.
public final class Json {
    private static final String INDENT = "    ";

    private Json() {}

    /// Something that writes one JSON value.
    @FunctionalInterface
    public interface Writing {
        void to(JsonGenerator out) throws IOException;
    }

    /// One value on one line, with its line end.
    public static String line(Writing writing) {
        return write(writing, false);
    }

    /// One value over many lines, indented as Docker does.
    public static String pretty(Writing writing) {
        return write(writing, true);
    }

    private static String write(Writing writing, boolean pretty) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            if (pretty) {
                DefaultIndenter lines = new DefaultIndenter(INDENT, "\n");
                DefaultPrettyPrinter printer = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""));
                printer.indentArraysWith(lines);
                printer.indentObjectsWith(lines);
                out.setPrettyPrinter(printer);
            }
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot be written to", e);
        }
        return text.append('\n').toString();
    }
}
