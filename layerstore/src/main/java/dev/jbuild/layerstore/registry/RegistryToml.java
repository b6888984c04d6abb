package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.registry.RegistrySettings.KeyPair;
import dev.jbuild.layerstore.registry.RegistrySettings.Mirror;
import java.io.IOException;
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

/// Reads the text of a configuration file. Apart from [RegistryConfig], so that the TOML library is loaded
/// only by those who have such a file.
final class RegistryToml {
    private RegistryToml() {}

    static Map<String, RegistrySettings> parse(String text, String name, Path folder) {
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
        } catch (TomlInvalidTypeException | IllegalArgumentException | IOException e) {
            throw new IllegalArgumentException(name + ": [registry]: " + e.getMessage(), e);
        }
        return registries;
    }

    private static RegistrySettings settings(TomlTable table, Path folder) throws IOException {
        for (String key : table.keySet()) {
            switch (key) {
                case "mirrors", "http", "insecure", "ca", "keypair", "tlsconfigdir" -> {}
                default ->
                    throw new IllegalArgumentException("unknown key \"" + key
                            + "\": expected mirrors, http, insecure, ca, keypair or tlsconfigdir");
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
        RegistrySettings settings = new RegistrySettings(
                strings(table, "mirrors").stream().map(Mirror::parse).toList(),
                table.getBoolean("http"),
                Boolean.TRUE.equals(table.getBoolean("insecure")),
                strings(table, "ca").stream().map(folder::resolve).toList(),
                keyPairs);
        for (String each : strings(table, "tlsconfigdir")) {
            settings = CertificateFolder.read(folder.resolve(each)).added(settings);
        }
        return settings;
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
