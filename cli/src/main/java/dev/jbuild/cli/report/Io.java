package dev.jbuild.cli.report;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a command may see of the process it runs in, so that tests can give it another one.
///
/// The environment is kept as given, not copied: `System.getenv()` cannot change, and copying it would be the
/// dearest thing that `jbuild version` does.
///
/// @param directory what relative paths on the command line are relative to
public record Io(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Path directory,
        InstantSource clock,
        Terminal terminal,
        Namespace namespace) {
    /// Streams that lead to no terminal, the machine's clock, and no namespace of our own.
    public Io(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Path directory) {
        this(in, out, err, environment, directory, InstantSource.system(), Terminal.none(), Namespace.OUTER);
    }

    /// The process's own streams, environment and working directory.
    ///
    /// Both streams write UTF-8 whatever the locale says, because image names and a step's output are UTF-8.
    /// What is written to standard output is buffered until it is flushed.
    public static Io ofProcess() {
        Map<String, String> environment = System.getenv();
        return new Io(
                new ProcessInput(),
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                        false,
                        StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), false, StandardCharsets.UTF_8),
                environment,
                Path.of(""),
                InstantSource.system(),
                Terminal.ofProcess(environment),
                Namespace.parse(System.getProperty(Namespace.PROPERTY)));
    }

    /// The value of an environment variable, or null if it is unset or empty.
    public @Nullable String env(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /// Whether standard error may be coloured: a terminal shows it, and the user did not say no.
    public boolean colour() {
        return terminal.error() && env("NO_COLOR") == null && !"dumb".equals(env("TERM"));
    }
}
