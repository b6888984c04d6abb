package dev.jbuild.layerstore.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A small record file of the store: lines of `name=value`, sorted. Backslash and line feed are escaped in values.
/// It is read on the path of every build, so that it needs no library.
public record Fields(SortedMap<String, String> values) {
    public Fields {
        values = new TreeMap<>(values);
        for (String name : values.keySet()) {
            if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("not a field name: \"" + name + '"');
            }
        }
    }

    public Fields() {
        this(new TreeMap<>());
    }

    /// These fields and this one.
    public Fields with(String name, String value) {
        TreeMap<String, String> more = new TreeMap<>(values);
        more.put(name, value);
        return new Fields(more);
    }

    public @Nullable String get(String name) {
        return values.get(name);
    }

    /// The value of a field that must be there.
    ///
    /// @throws StoreException of kind CORRUPT if it is not
    public String required(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new StoreException(StoreException.Kind.CORRUPT, "a record of the store has no field \"" + name + '"');
        }
        return value;
    }

    /// The value of a field that must be there and be a number.
    ///
    /// @throws StoreException of kind CORRUPT if it is not
    public long number(String name) {
        String value = required(name);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "field \"" + name + "\" of a record of the store is not a number: \"" + value + '"',
                    null,
                    e);
        }
    }

    /// Reads what [#toString()] wrote.
    ///
    /// @throws StoreException of kind CORRUPT if a line is no field
    public static Fields parse(String text) {
        TreeMap<String, String> fields = new TreeMap<>();
        for (String line : text.split("\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new StoreException(
                        StoreException.Kind.CORRUPT, "not a line of a record of the store: \"" + line + '"');
            }
            String value = line.substring(equals + 1);
            fields.put(line.substring(0, equals), unescaped(value));
        }
        return new Fields(fields);
    }

    private static String unescaped(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                i++;
                text.append(value.charAt(i) == 'n' ? '\n' : value.charAt(i));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    public static Fields read(Path file) throws IOException {
        return parse(Files.readString(file, StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(name)
                .append('=')
                .append(value.replace("\\", "\\\\").replace("\n", "\\n"))
                .append('\n'));
        return text.toString();
    }
}
