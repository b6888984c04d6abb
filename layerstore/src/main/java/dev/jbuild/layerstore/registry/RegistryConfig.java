package dev.jbuild.layerstore.registry;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The `[registry."host"]` tables of a configuration file, which are those of buildkitd.toml.
/// Other tables of the file are left alone. With it what else says how to reach hosts.
///
/// @param certificates folders with one folder for each host, named `HOST` or `HOST:PORT`, that holds
///     authorities in `*.crt` and key pairs in `*.cert` and `*.key`
/// @param proxies for registries and for everything else that is downloaded
public record RegistryConfig(Map<String, RegistrySettings> registries, List<Path> certificates, Proxies proxies) {
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9-][A-Za-z0-9.-]*(:[0-9]+)?|\\[[0-9A-Fa-f:.]+](:[0-9]+)?");

    /// Nothing configured.
    public static final RegistryConfig EMPTY = new RegistryConfig(Map.of(), List.of(), Proxies.NONE);

    public RegistryConfig {
        registries = Map.copyOf(registries);
        certificates = List.copyOf(certificates);
    }

    /// The same with these folders of certificates.
    public RegistryConfig withCertificates(List<Path> folders) {
        return new RegistryConfig(registries, folders, proxies);
    }

    /// The same with these proxies.
    public RegistryConfig withProxies(Proxies others) {
        return new RegistryConfig(registries, certificates, others);
    }

    /// What is configured for this registry or mirror. Files of certificates are looked for in the folders
    /// if the tables name none.
    RegistrySettings settings(String host) throws IOException {
        RegistrySettings settings = registries.getOrDefault(host, RegistrySettings.DEFAULT);
        return settings.hasTls()
                        || certificates.isEmpty()
                        || !HOST.matcher(host).matches()
                ? settings
                : CertificateFolder.of(certificates, host).added(settings);
    }

    /// The same, but that these registries may have any certificate or none.
    public RegistryConfig withInsecure(Set<String> hosts) {
        Map<String, RegistrySettings> changed = new HashMap<>(registries);
        hosts.forEach(host -> changed.put(
                host, registries.getOrDefault(host, RegistrySettings.DEFAULT).asInsecure()));
        return new RegistryConfig(changed, certificates, proxies);
    }

    /// Parses the text of a configuration file.
    ///
    /// @param name what to call the file in messages
    /// @param folder where relative paths start
    /// @throws IllegalArgumentException if the text is not valid; the message names file, line and key
    public static RegistryConfig parse(String text, String name, Path folder) {
        return new RegistryConfig(RegistryToml.parse(text, name, folder), List.of(), Proxies.NONE);
    }
}
