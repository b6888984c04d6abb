package dev.jbuild.exporter.attestation;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes maps, lists, texts, numbers and truth values as JSON. The same tree gives the same bytes.
public final class JsonTree {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {}

    /// A text that is written even if it is empty.
    record Text(String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    /// Compact, in the order of the maps. An entry whose value is null, an empty text, list or map is left out, as
    /// Go's `omitempty` does; a value in a list stays.
    public static byte[] write(Map<String, ?> tree) {
        return bytes(out -> object(out, tree));
    }

    /// The same document with line breaks and two spaces for each level: for people.
    ///
    /// @throws IOException if it is no JSON
    public static byte[] indented(byte[] json) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentArraysWith(lines);
        printer.indentObjectsWith(lines);
        try (JsonGenerator out = FACTORY.createGenerator(bytes, JsonEncoding.UTF8);
                var in = FACTORY.createParser(json)) {
            out.setPrettyPrinter(printer);
            in.nextToken();
            out.copyCurrentStructure(in);
        }
        bytes.write('\n');
        return bytes.toByteArray();
    }

    /// Writes one value.
    @FunctionalInterface
    interface Writing {
        void write(JsonGenerator out) throws IOException;
    }

    static byte[] bytes(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
            writing.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("text that is not Unicode cannot be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    private static void object(JsonGenerator out, Map<?, ?> map) throws IOException {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object value = entry.getValue();
            if (!isEmpty(value)) {
                out.writeFieldName(String.valueOf(entry.getKey()));
                value(out, value);
            }
        }
        out.writeEndObject();
    }

    private static boolean isEmpty(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String text -> text.isEmpty();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            default -> false;
        };
    }

    private static void value(JsonGenerator out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeNull();
            case String text -> out.writeString(unicode(text));
            case Boolean truth -> out.writeBoolean(truth);
            case Number number -> out.writeNumber(number.longValue());
            case byte[] bytes -> out.writeBinary(bytes);
            case Map<?, ?> map -> object(out, map);
            case List<?> list -> {
                out.writeStartArray();
                for (Object each : list) {
                    value(out, each);
                }
                out.writeEndArray();
            }
            default -> out.writeString(unicode(String.valueOf(value)));
        }
    }

    /// Half a character cannot be written as UTF-8; file names and package fields of others may hold one.
    private static String unicode(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }
}
