package dev.jbuild.layerstore.oci;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A cursor over a JSON document that names the field in what it throws.
///
/// It follows Go's reading of JSON, which wrote most documents there are: `null` is the same as an absent
/// value, and of two fields with one name the later wins.
final class JsonReader {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxStringLength(OciJson.MAX_CONFIG)
                    .build())
            // Names of labels and annotations come from outside; keeping them for ever would be a leak.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final String document;
    private final JsonParser parser;

    private JsonReader(String document, JsonParser parser) {
        this.document = document;
        this.parser = parser;
    }

    /// Reads a value, the parser being at its first token.
    @FunctionalInterface
    interface ValueReader<T extends @Nullable Object> {
        T read() throws IOException;
    }

    /// Takes one field of an object: reads its value or calls [#skip()].
    @FunctionalInterface
    interface FieldReader {
        void read(String name) throws IOException;
    }

    /// Reads a document that is one object.
    ///
    /// @param read reads the fields through the reader that it is given, and makes the value
    static <T> T document(String document, byte[] json, int maxSize, Function<JsonReader, ValueReader<T>> read)
            throws OciFormatException {
        if (json.length > maxSize) {
            throw new OciFormatException(
                    document, "", json.length + " bytes are more than the allowed " + maxSize, null);
        }
        try (JsonParser parser = FACTORY.createParser(json)) {
            JsonReader reader = new JsonReader(document, parser);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw reader.wrong("expected an object");
            }
            T value = read.apply(reader).read();
            if (parser.nextToken() != null) {
                throw new OciFormatException(document, "", "there is more text after the object", null);
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new OciFormatException(document, "", "not JSON: " + e.getOriginalMessage(), e);
        } catch (OciFormatException e) {
            throw e;
        } catch (IOException e) {
            throw new OciFormatException(document, "", "not JSON: " + e.getMessage(), e);
        }
    }

    /// Reads the fields of the object that begins here.
    void fields(FieldReader reader) throws IOException {
        if (at(JsonToken.VALUE_NULL)) {
            return;
        }
        expect(JsonToken.START_OBJECT, "an object");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            reader.read(name);
        }
    }

    boolean isNull() {
        return at(JsonToken.VALUE_NULL);
    }

    /// Skips the value that begins here.
    void skip() throws IOException {
        parser.skipChildren();
    }

    @Nullable
    String string() throws IOException {
        if (at(JsonToken.VALUE_NULL)) {
            return null;
        }
        expect(JsonToken.VALUE_STRING, "a string");
        return parser.getText();
    }

    /// The string here, `""` if there is none.
    String text() throws IOException {
        String value = string();
        return value == null ? "" : value;
    }

    long integer() throws IOException {
        if (at(JsonToken.VALUE_NULL)) {
            return 0;
        }
        expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
        return parser.getLongValue();
    }

    boolean bool() throws IOException {
        if (at(JsonToken.VALUE_NULL) || at(JsonToken.VALUE_FALSE)) {
            return false;
        }
        expect(JsonToken.VALUE_TRUE, "true or false");
        return true;
    }

    /// The elements of the array that begins here, none if there is no array.
    <T> List<T> list(ValueReader<T> element) throws IOException {
        List<T> values = new ArrayList<>();
        if (at(JsonToken.VALUE_NULL)) {
            return values;
        }
        expect(JsonToken.START_ARRAY, "an array");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            values.add(element.read());
        }
        return values;
    }

    List<String> strings() throws IOException {
        return list(this::text);
    }

    Map<String, String> stringMap() throws IOException {
        Map<String, String> values = new TreeMap<>();
        fields(name -> values.put(name, text()));
        return values;
    }

    /// The keys of an object that serves as a set: `{"80/tcp":{}}`.
    List<String> keys() throws IOException {
        List<String> names = new ArrayList<>();
        fields(name -> {
            names.add(name);
            skip();
        });
        return names;
    }

    /// Makes a value that checks itself, and blames the field of this reader's position if it refuses.
    <T extends @Nullable Object> T value(ValueReader<T> make) throws IOException {
        String field = path();
        try {
            return make.read();
        } catch (IllegalArgumentException e) {
            throw new OciFormatException(document, field, String.valueOf(e.getMessage()), e);
        }
    }

    /// The value of a field that must be there.
    <T> T required(@Nullable T value, String field) throws OciFormatException {
        if (value == null) {
            String parent = path();
            throw new OciFormatException(document, parent.isEmpty() ? field : parent + "." + field, "is missing", null);
        }
        return value;
    }

    /// The complaint that what is here is wrong.
    OciFormatException wrong(String problem) {
        return new OciFormatException(document, path(), problem, null);
    }

    private void expect(JsonToken token, String name) throws OciFormatException {
        if (!at(token)) {
            throw wrong("expected " + name);
        }
    }

    private boolean at(JsonToken token) {
        return parser.currentToken() == token;
    }

    // Jackson knows the position as a JSON pointer, /layers/2/digest; people read layers[2].digest.
    private String path() {
        String pointer = parser.getParsingContext().pathAsPointer().toString();
        return pointer.replaceAll("/(\\d+)(?=/|$)", "[$1]").replace('/', '.').replaceFirst("^\\.", "");
    }
}
