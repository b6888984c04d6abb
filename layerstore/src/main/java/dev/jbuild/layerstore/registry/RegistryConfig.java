package dev.jbuild.layerstore.registry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

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
        return new RegistryConfig(RegistryToml.parse(text, name, folder));
    }
}
