package dev.jbuild.cli.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A value with named fields in a fixed order. Unlike a map it knows which fields there are: another one is a mistake
/// in a template, while one that is null has nothing to say and is left out of JSON.
///
/// A field that is dear to compute may be a [Supplier], asked when somebody wants the field.
public final class Struct {
    private final Map<String, @Nullable Object> fields;

    private Struct(Map<String, @Nullable Object> fields) {
        this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /// Collects fields.
    public static final class Builder {
        private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

        public Builder with(String name, @Nullable Object value) {
            fields.put(name, value);
            return this;
        }

        public Builder lazily(String name, Supplier<?> value) {
            fields.put(name, value);
            return this;
        }

        public Struct build() {
            return new Struct(fields);
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /// The fields' names, in their order.
    public List<String> names() {
        return new ArrayList<>(fields.keySet());
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    /// The value of a field; null if it has none.
    public @Nullable Object value(String name) {
        return fields.get(name) instanceof Supplier<?> later ? later.get() : fields.get(name);
    }
}
