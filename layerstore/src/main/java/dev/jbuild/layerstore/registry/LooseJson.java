package dev.jbuild.layerstore.registry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Small JSON documents of no fixed form: token answers, error lists, Docker's config.json.
///
/// Maps, lists, strings and numbers by hand: a data binder would cost more time than the request that it reads.
final class LooseJson {
    private LooseJson() {}

    /// The object that these bytes hold.
    ///
    /// @throws IOException if they are anything else
    static Map<?, ?> object(byte[] json) throws IOException {
        JsonFactory factory = JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(64).build())
                .build();
        try (JsonParser parser = factory.createParser(json)) {
            parser.nextToken();
            if (value(parser) instanceof Map<?, ?> map) {
                return map;
            }
            throw new IOException("expected a JSON object");
        }
    }

    /// The object under this key, an empty one if there is none.
    static Map<?, ?> child(Map<?, ?> object, String key) {
        return object.get(key) instanceof Map<?, ?> map ? map : Map.of();
    }

    /// The string under this key, `""` if there is none.
    static String text(Map<?, ?> object, String key) {
        return object.get(key) instanceof String text ? text : "";
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new IOException("expected a JSON object but there is nothing");
        }
        if (token == JsonToken.START_OBJECT) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                map.put(name, value(parser));
            }
            return map;
        }
        if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(value(parser));
            }
            return list;
        }
        return token.isNumeric()
                ? (Object) parser.getDoubleValue()
                : token == JsonToken.VALUE_STRING ? parser.getText() : null;
    }
}
