package dev.jbuild.layerstore.registry;

import dev.jbuild.layerstore.oci.ImageReference;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// Where the repositories of one registry are asked for: at the registry itself or at a mirror.
final class Endpoint {
    // The name in image names is not the host that speaks the protocol.
    private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

    private final String registry;
    private final String host;
    private final String pathPrefix;
    private final boolean mirror;
    private final RegistrySettings settings;
    private volatile boolean http;
    private volatile boolean piecesRefused;

    private Endpoint(
            String registry, String name, String host, String pathPrefix, boolean mirror, RegistryConfig config)
            throws IOException {
        this.registry = registry;
        this.host = host;
        this.pathPrefix = pathPrefix;
        this.mirror = mirror;
        this.settings = config.settings(name);
        Boolean configured = settings.http();
        this.http = configured != null
                ? configured && !settings.insecure()
                : isLoopback(host) && !settings.hasTls() && !settings.insecure();
    }

    /// The registry itself, where pushes go.
    static Endpoint upstream(String registry, RegistryConfig config) throws IOException {
        String host = registry.equals(ImageReference.DEFAULT_REGISTRY) ? DOCKER_HUB_HOST : registry;
        return new Endpoint(registry, registry, host, "", false, config);
    }

    /// All that hold the registry's images, in the order in which to ask them: mirrors, then the registry.
    static List<Endpoint> forPull(String registry, RegistryConfig config) throws IOException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (RegistrySettings.Mirror mirror : config.settings(registry).mirrors()) {
            endpoints.add(new Endpoint(registry, mirror.host(), mirror.host(), mirror.pathPrefix(), true, config));
        }
        endpoints.add(upstream(registry, config));
        return endpoints;
    }

    /// The registry whose images these are, as image names spell it.
    String registry() {
        return registry;
    }

    String host() {
        return host;
    }

    boolean isMirror() {
        return mirror;
    }

    RegistrySettings settings() {
        return settings;
    }

    /// The name under which to look for a login.
    String loginName() {
        return mirror ? host : registry;
    }

    boolean isHttp() {
        return http;
    }

    /// Speaks plain HTTP from now on, if the settings allow that.
    ///
    /// @return whether they do
    boolean fallBackToHttp() {
        boolean allowed = settings.insecure() && !Boolean.FALSE.equals(settings.http());
        http |= allowed;
        return allowed;
    }

    /// Whether a blob may be pushed in pieces, as far as is known.
    boolean takesPieces() {
        return !piecesRefused;
    }

    /// Remembers that blobs are to be pushed as a whole.
    void refusesPieces() {
        piecesRefused = true;
    }

    /// The repository as this host calls it.
    String repository(ImageReference reference) {
        return pathPrefix.isEmpty() ? reference.repository() : pathPrefix + "/" + reference.repository();
    }

    /// The URL of the whole API.
    URI base() {
        return URI.create((http ? "http://" : "https://") + host + "/v2/");
    }

    /// The URL of something in a repository, `manifests/latest`.
    URI uri(ImageReference reference, String rest) {
        // Mirrors of several registries tell them apart by this parameter, which others ignore.
        String query = mirror ? "?ns=" + registry : "";
        return URI.create((http ? "http://" : "https://") + host + "/v2/" + repository(reference) + "/" + rest + query);
    }

    static boolean isLoopback(String host) {
        String name = host.startsWith("[") ? host.substring(0, host.indexOf(']') + 1) : host.split(":", 2)[0];
        return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.[0-9]{1,3}){3}");
    }
}
