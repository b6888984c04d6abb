package dev.jbuild.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/// What a command may see of the process it runs in, so that tests can give it another one.
///
/// The environment is kept as given, not copied: `System.getenv()` cannot change, and copying it would be the
/// dearest thing that `jbuild version` does.
///
/// @param directory what relative paths on the command line are relative to
public record Io(InputStream in, PrintStream out, PrintStream err, Map<String, String> environment, Path directory) {

    /// The process's own streams, environment and working directory.
    public static Io ofProcess() {
        return new Io(System.in, System.out, System.err, System.getenv(), Path.of(""));
    }
}
