package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

/// What the operand of `jbuild build` says the build context is.
sealed interface ContextOperand {
    /// A directory of this machine; need not exist.
    record Directory(Path path) implements ContextOperand {}

    /// Standard input: an archive of the context, or a Dockerfile that needs none.
    record StandardInput() implements ContextOperand {}

    /// An archive or a Dockerfile on a web server.
    record Http(String url) implements ContextOperand {}

    /// A text that begins with a scheme, as URLs do.
    Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]+)://.*", Pattern.DOTALL);

    /// The context that this text names.
    ///
    /// @param directory what relative paths are relative to
    static ContextOperand of(String text, Path directory) {
        if (text.equals("-")) {
            return new StandardInput();
        }
        Path path = directory.resolve(text);
        // What is there wins: a directory may be named as it likes.
        if (Files.isDirectory(path)) {
            return new Directory(path);
        }
        if (isHttp(text)) {
            return new Http(text);
        }
        var scheme = SCHEME.matcher(text);
        if (scheme.matches()) {
            throw new UsageException("the build context " + text + ": " + scheme.group(1)
                    + ":// is not supported; expected a directory, a Git or http(s) URL, or -");
        }
        return new Directory(path);
    }

    /// Whether this names a file on a web server.
    static boolean isHttp(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith("http://") || lower.startsWith("https://");
    }
}
