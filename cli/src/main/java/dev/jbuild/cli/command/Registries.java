package dev.jbuild.cli.command;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.registry.Proxies;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.RegistryConfig;
import dev.jbuild.layerstore.registry.RegistryOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The client for registries, made when the first request is.
public final class Registries implements Supplier<RegistryClient>, AutoCloseable {
    private final Optional<Path> config;
    private final List<String> logins;
    private final boolean offline;
    private final Io io;
    private Set<String> insecure = Set.of();
    private @Nullable RegistryClient client;

    private Registries(Optional<Path> config, List<String> logins, boolean offline, Io io) {
        this.config = config;
        this.logins = List.copyOf(logins);
        this.offline = offline;
        this.io = io;
    }

    /// These registries may have any certificate, or none. To be said before the first request.
    public synchronized void insecure(Set<String> hosts) {
        insecure = Set.copyOf(hosts);
    }

    /// The options of a command that talks to registries.
    public static Options declare(Options options) {
        return options.value("FILE", "Registries and name servers (buildkitd.toml's tables).", "--config")
                .values(
                        "[host=HOST,][user=USER,]env=NAME|src=FILE",
                        "A login for registries: a password, a token or all of a config.json.",
                        "--registry-auth");
    }

    /// What these options say.
    ///
    /// @param offline whether to refuse every connection
    public static Registries of(Options.Parsed parsed, Io io, boolean offline) {
        List<String> logins = parsed.values("--registry-auth");
        // A mistake is told of even if no registry is asked in the end.
        new RegistryLogins(io).check(logins);
        return new Registries(parsed.value("--config").map(io.directory()::resolve), logins, offline, io);
    }

    @Override
    public synchronized RegistryClient get() {
        RegistryClient made = client;
        if (made == null) {
            made = new RegistryClient(
                    configuration().withInsecure(insecure),
                    new RegistryLogins(io).credentials(logins),
                    offline ? RegistryOptions.DEFAULT.withoutConnections() : RegistryOptions.DEFAULT);
            client = made;
        }
        return made;
    }

    private RegistryConfig configuration() {
        Optional<Path> file = ConfigFile.find(config, io);
        try {
            RegistryConfig read = file.isPresent() ? registries(file.get()) : RegistryConfig.EMPTY;
            return read.withCertificates(certificates()).withProxies(Proxies.of(io.environment()));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static RegistryConfig registries(Path file) {
        return RegistryConfig.parse(ConfigFile.read(file), file.toString(), file.resolveSibling(""));
    }

    private List<Path> certificates() {
        Path own = new RegistryLogins(io).configHome();
        return Stream.of(
                        own.resolve("jbuild/certs.d"),
                        ConfigFile.SYSTEM.resolveSibling("certs.d"),
                        own.resolve("containers/certs.d"),
                        Path.of("/etc/containers/certs.d"),
                        own.resolve("docker/certs.d"),
                        Path.of("/etc/docker/certs.d"))
                .filter(Files::isDirectory)
                .toList();
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
