package dev.jbuild.exporter;

import java.nio.file.Path;

/// Where an archive goes.
public sealed interface Destination {
    /// A file, written beside it and renamed when complete.
    record File(Path path) implements Destination {}

    /// Standard output.
    record Stdout() implements Destination {}

    /// `-` and the empty text are standard output, all else is a file.
    static Destination parse(String text) {
        return text.isEmpty() || text.equals("-") ? new Stdout() : new File(Path.of(text));
    }
}
