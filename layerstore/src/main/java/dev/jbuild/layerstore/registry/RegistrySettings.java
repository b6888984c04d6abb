package dev.jbuild.layerstore.registry;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How to reach one registry.
///
/// @param mirrors asked in this order before the registry itself; only for pulls
/// @param http whether it speaks plain HTTP; if nothing is said, only a registry on the loopback does
/// @param insecure accept any TLS certificate; a registry without TLS is then reached over plain HTTP
/// @param ca certificate authorities in PEM files, trusted beside the system's
/// @param keyPairs what to identify with if the registry asks for a client certificate
public record RegistrySettings(
        List<Mirror> mirrors, @Nullable Boolean http, boolean insecure, List<Path> ca, List<KeyPair> keyPairs) {
    /// Nothing configured.
    public static final RegistrySettings DEFAULT = new RegistrySettings(List.of(), null, false, List.of(), List.of());

    public RegistrySettings {
        mirrors = List.copyOf(mirrors);
        ca = List.copyOf(ca);
        keyPairs = List.copyOf(keyPairs);
    }

    /// A client certificate and its key, in PEM files.
    public record KeyPair(Path certificate, Path key) {}

    /// A registry that holds the images of another one, below `pathPrefix` unless that is empty.
    public record Mirror(String host, String pathPrefix) {
        /// Parses `host[:port][/prefix]`; a scheme before it is skipped, as BuildKit does.
        ///
        /// @throws IllegalArgumentException if there is no host
        public static Mirror parse(String text) {
            String rest = text.replaceFirst("^https?://", "").replaceFirst("/+$", "");
            int slash = rest.indexOf('/');
            String host = slash < 0 ? rest : rest.substring(0, slash);
            if (!host.matches("[A-Za-z0-9.-]+(:[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+](:[0-9]{1,5})?")) {
                throw new IllegalArgumentException("invalid mirror \"" + text + "\": expected host[:port][/prefix]");
            }
            return new Mirror(host, slash < 0 ? "" : rest.substring(slash + 1));
        }
    }

    RegistrySettings asInsecure() {
        return new RegistrySettings(mirrors, http, true, ca, keyPairs);
    }

    boolean hasTls() {
        return !ca.isEmpty() || !keyPairs.isEmpty();
    }
}
