package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.RegistrySettings.KeyPair;
import dev.jbuild.layerstore.registry.RegistrySettings.Mirror;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlInvalidTypeException;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/// The `[registry."host"]` tables of a configuration file, which are those of buildkitd.toml.
/// Other tables of the file are left alone.
public record RegistryConfig(Map<String, RegistrySettings> registries) {
    /// Nothing configured.
    public static final RegistryConfig EMPTY = new RegistryConfig(Map.of());

    public RegistryConfig {
        registries = Map.copyOf(registries);
    }

    /// What is configured for this registry or mirror.
    public RegistrySettings settings(String host) {
        return registries.getOrDefault(host, RegistrySettings.DEFAULT);
    }

    /// Reads a configuration file. Relative paths in it start at its folder.
    ///
    /// @throws IllegalArgumentException if the file is not valid; the message names file, line and key
    public static RegistryConfig read(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        return parse(Files.readString(file), file.toString(), folder == null ? Path.of("/") : folder);
    }

    /// Parses the text of a configuration file.
    ///
    /// @param name what to call the file in messages
    /// @param folder where relative paths start
    /// @throws IllegalArgumentException if the text is not valid
    public static RegistryConfig parse(String text, String name, Path folder) {
        TomlParseResult toml = Toml.parse(text);
        if (toml.hasErrors()) {
            TomlParseError first = toml.errors().getFirst();
            throw new IllegalArgumentException(name + ":" + first.position().line() + ": " + first.getMessage());
        }
        Map<String, RegistrySettings> registries = new LinkedHashMap<>();
        try {
            TomlTable tables = toml.getTable("registry");
            if (tables != null) {
                for (String host : tables.keySet()) {
                    registries.put(host, settings(table(tables.get(List.of(host)), "expected a table"), folder));
                }
            }
        } catch (TomlInvalidTypeException | IllegalArgumentException e) {
            throw new IllegalArgumentException(name + ": [registry]: " + e.getMessage(), e);
        }
        return new RegistryConfig(registries);
    }

    private static RegistrySettings settings(TomlTable table, Path folder) {
        for (String key : table.keySet()) {
            switch (key) {
                case "mirrors", "http", "insecure", "ca", "keypair" -> {}
                default ->
                    throw new IllegalArgumentException(
                            "unknown key \"" + key + "\": expected mirrors, http, insecure, ca or keypair");
            }
        }
        List<KeyPair> keyPairs = new ArrayList<>();
        TomlArray pairs = table.getArray("keypair");
        for (int i = 0; pairs != null && i < pairs.size(); i++) {
            TomlTable pair = table(pairs.get(i), "expected [[registry.….keypair]] tables");
            String certificate = pair.getString("cert");
            String key = pair.getString("key");
            if (certificate == null || key == null) {
                throw new IllegalArgumentException("a keypair has a cert and a key");
            }
            keyPairs.add(new KeyPair(folder.resolve(certificate), folder.resolve(key)));
        }
        return new RegistrySettings(
                strings(table, "mirrors").stream().map(Mirror::parse).toList(),
                table.getBoolean("http"),
                Boolean.TRUE.equals(table.getBoolean("insecure")),
                strings(table, "ca").stream().map(folder::resolve).toList(),
                keyPairs);
    }

    private static List<String> strings(TomlTable table, String key) {
        TomlArray array = table.getArray(key);
        List<String> values = new ArrayList<>();
        for (int i = 0; array != null && i < array.size(); i++) {
            if (!(array.get(i) instanceof String value)) {
                throw new IllegalArgumentException("expected strings in " + key);
            }
            values.add(value);
        }
        return values;
    }

    private static TomlTable table(@Nullable Object value, String problem) {
        if (!(value instanceof TomlTable table)) {
            throw new IllegalArgumentException(problem);
        }
        return table;
    }
}
