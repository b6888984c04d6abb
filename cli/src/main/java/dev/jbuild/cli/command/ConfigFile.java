package dev.jbuild.cli.command;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.solver.sandbox.NameServers;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The configuration file, whose tables are those of buildkitd.toml.
public final class ConfigFile {
    static final Path SYSTEM = Path.of("/etc/jbuild/jbuild.toml");

    private ConfigFile() {}

    /// The one that is named, else the user's, else the machine's.
    static Optional<Path> find(Optional<Path> named, Io io) {
        if (named.isPresent()) {
            return named;
        }
        Path own = new RegistryLogins(io).configHome().resolve("jbuild/jbuild.toml");
        return List.of(own, SYSTEM).stream().filter(Files::isRegularFile).findFirst();
    }

    /// What its table `[dns]` says.
    ///
    /// @throws UsageException if that is not valid; the message names file and key
    public static NameServers nameServers(Options.Parsed parsed, Io io) {
        Optional<Path> found = find(parsed.value("--config").map(io.directory()::resolve), io);
        if (found.isEmpty()) {
            return NameServers.MACHINE;
        }
        String text = read(found.get());
        return text.contains("dns") ? NameServerToml.parse(text, found.get().toString()) : NameServers.MACHINE;
    }

    /// The text of a configuration file.
    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UsageException("there is no configuration file " + file);
        } catch (CharacterCodingException e) {
            throw new UsageException(file + ": a configuration file is text in UTF-8, and this is not");
        } catch (IOException e) {
            throw new UsageException("the configuration file " + file + " cannot be read (" + e + ")");
        }
    }
}
