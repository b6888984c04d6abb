package dev.jbuild.layerstore.oci;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes compact JSON that leaves out what is empty, as Go's `omitempty` does.
final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /// Writes one value.
    @FunctionalInterface
    interface Writer {
        void write(JsonGenerator out) throws IOException;
    }

    static byte[] of(Writer writer) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
            writer.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException("text that is not Unicode cannot be written as JSON", e);
        }
        return bytes.toByteArray();
    }

    static void string(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            out.writeStringField(name, value);
        }
    }

    static void number(JsonGenerator out, String name, long value) throws IOException {
        if (value != 0) {
            out.writeNumberField(name, value);
        }
    }

    static void flag(JsonGenerator out, String name, boolean value) throws IOException {
        if (value) {
            out.writeBooleanField(name, true);
        }
    }

    static void strings(JsonGenerator out, String name, @Nullable Collection<String> values) throws IOException {
        if (values != null && !values.isEmpty()) {
            out.writeArrayFieldStart(name);
            for (String value : values) {
                out.writeString(value);
            }
            out.writeEndArray();
        }
    }

    static void map(JsonGenerator out, String name, Map<String, String> values) throws IOException {
        if (!values.isEmpty()) {
            out.writeObjectFieldStart(name);
            for (Map.Entry<String, String> entry : new TreeMap<>(values).entrySet()) {
                out.writeStringField(entry.getKey(), entry.getValue());
            }
            out.writeEndObject();
        }
    }

    /// A set, written as an object whose values are empty objects.
    static void keys(JsonGenerator out, String name, Collection<String> keys) throws IOException {
        if (!keys.isEmpty()) {
            out.writeObjectFieldStart(name);
            for (String key : keys) {
                out.writeObjectFieldStart(key);
                out.writeEndObject();
            }
            out.writeEndObject();
        }
    }
}
