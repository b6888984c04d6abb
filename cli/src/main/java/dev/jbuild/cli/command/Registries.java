package dev.jbuild.cli.command;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.registry.Credentials;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.RegistryConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The client for registries, made when the first request is.
public final class Registries implements Supplier<RegistryClient>, AutoCloseable {
    private static final Path SYSTEM_CONFIG = Path.of("/etc/jbuild/jbuild.toml");

    private final Optional<Path> config;
    private final Io io;
    private Set<String> insecure = Set.of();
    private @Nullable RegistryClient client;

    /// @param config the configuration file that the user named
    public Registries(Optional<Path> config, Io io) {
        this.config = config;
        this.io = io;
    }

    /// These registries may have any certificate, or none. To be said before the first request.
    public synchronized void insecure(Set<String> hosts) {
        insecure = Set.copyOf(hosts);
    }

    @Override
    public synchronized RegistryClient get() {
        RegistryClient made = client;
        if (made == null) {
            made = new RegistryClient(configuration().withInsecure(insecure), Credentials.dockerConfig(dockerConfig()));
            client = made;
        }
        return made;
    }

    private RegistryConfig configuration() {
        Optional<Path> file = config.or(this::usualConfig);
        try {
            return file.isPresent() ? RegistryConfig.read(file.get()) : RegistryConfig.EMPTY;
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file.get() + ": " + e.getMessage(), e);
        }
    }

    private Optional<Path> usualConfig() {
        String base = io.env("XDG_CONFIG_HOME");
        Path own = base == null ? home().resolve(".config") : Path.of(base);
        Path file = own.resolve("jbuild/jbuild.toml");
        if (Files.isRegularFile(file)) {
            return Optional.of(file);
        }
        return Files.isRegularFile(SYSTEM_CONFIG) ? Optional.of(SYSTEM_CONFIG) : Optional.empty();
    }

    private Path dockerConfig() {
        String directory = io.env("DOCKER_CONFIG");
        return (directory == null ? home().resolve(".docker") : io.directory().resolve(directory))
                .resolve("config.json");
    }

    private Path home() {
        String home = io.env("HOME");
        return Path.of(home == null ? "/" : home);
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
        }
    }
}
