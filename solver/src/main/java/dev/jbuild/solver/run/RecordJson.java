package dev.jbuild.solver.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Records as JSON, component by component: nothing that is added to an operation can be forgotten here.
///
/// A component is text, a number, a boolean, an enum, a record, a sealed interface of records, a list of these or a
/// map from text to these.
final class RecordJson {
    private static final String KIND = "is";

    private RecordJson() {}

    static byte[] write(Record value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(bytes)) {
            write(json, value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case String text -> json.writeString(text);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Boolean flag -> json.writeBoolean(flag);
            case Enum<?> word -> json.writeString(word.name());
            case List<?> list -> {
                json.writeStartArray();
                for (Object each : list) {
                    write(json, each);
                }
                json.writeEndArray();
            }
            case Map<?, ?> map -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> each : map.entrySet()) {
                    json.writeFieldName((String) each.getKey());
                    write(json, each.getValue());
                }
                json.writeEndObject();
            }
            case Record record -> {
                json.writeStartObject();
                json.writeStringField(KIND, record.getClass().getSimpleName());
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    json.writeFieldName(component.getName());
                    write(json, valueOf(component, record));
                }
                json.writeEndObject();
            }
            default -> throw new IllegalArgumentException("cannot be recorded: " + value.getClass());
        }
    }

    private static @Nullable Object valueOf(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @throws IllegalArgumentException if it is not what [#write(Record)] made of such a record
    static <R extends Record> R read(byte[] bytes, Class<R> type) {
        try (JsonParser json = new JsonFactory().createParser(bytes)) {
            json.nextToken();
            Object value = value(json, type);
            if (value == null) {
                throw new IllegalArgumentException("no " + type.getSimpleName());
            }
            return type.cast(value);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static @Nullable Object value(JsonParser json, Type type) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> type == int.class ? (Object) json.getIntValue() : (Object) json.getLongValue();
            case VALUE_STRING -> text(json.getText(), type);
            case START_ARRAY -> list(json, argument(type, List.class, 0));
            case START_OBJECT ->
                type instanceof Class<?> kind ? record(json, kind) : map(json, argument(type, Map.class, 1));
            case null, default -> throw new IllegalArgumentException("unexpected " + json.currentToken());
        };
    }

    private static Object text(String text, Type type) {
        if (type == String.class) {
            return text;
        }
        if (type instanceof Class<?> kind && kind.isEnum()) {
            for (Object constant : kind.getEnumConstants()) {
                if (((Enum<?>) constant).name().equals(text)) {
                    return constant;
                }
            }
        }
        throw new IllegalArgumentException("not a " + type + ": \"" + text + '"');
    }

    private static Type argument(Type type, Class<?> raw, int index) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == raw) {
            return generic.getActualTypeArguments()[index];
        }
        throw new IllegalArgumentException("not a " + type);
    }

    private static List<@Nullable Object> list(JsonParser json, Type element) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            list.add(value(json, element));
        }
        return list;
    }

    private static Map<String, @Nullable Object> map(JsonParser json, Type element) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            map.put(name, value(json, element));
        }
        return map;
    }

    private static Object record(JsonParser json, Class<?> declared) throws IOException {
        if (json.nextToken() != JsonToken.FIELD_NAME || !json.currentName().equals(KIND)) {
            throw new IllegalArgumentException("no kind of " + declared.getSimpleName());
        }
        json.nextToken();
        Class<?> kind = kind(declared, json.getText());
        RecordComponent[] components = kind.getRecordComponents();
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            for (RecordComponent component : components) {
                if (component.getName().equals(name)) {
                    values.put(name, value(json, component.getGenericType()));
                }
            }
        }
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] arguments = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            arguments[i] = values.get(components[i].getName());
            if (!values.containsKey(components[i].getName())) {
                throw new IllegalArgumentException(kind.getSimpleName() + " without " + components[i].getName());
            }
        }
        try {
            return kind.getConstructor(types).newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(kind.getSimpleName() + ": " + e, e);
        }
    }

    private static Class<?> kind(Class<?> declared, String name) {
        if (declared.isRecord() && declared.getSimpleName().equals(name)) {
            return declared;
        }
        if (declared.isSealed()) {
            for (Class<?> permitted : declared.getPermittedSubclasses()) {
                if (permitted.isRecord() && permitted.getSimpleName().equals(name)) {
                    return permitted;
                }
            }
        }
        throw new IllegalArgumentException(name + " is no " + declared.getSimpleName());
    }
}
