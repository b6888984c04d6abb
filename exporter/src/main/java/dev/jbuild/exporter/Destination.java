package dev.jbuild.exporter;

import java.nio.file.Path;

/// Where an archive goes.
public sealed interface Destination {
    /// A file, written beside it and renamed when complete.
    record File(Path path) implements Destination {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// Standard output.
    record Stdout() implements Destination {
        @Override
        public String toString() {
            return "-";
        }
    }

    /// `-` and the empty text are standard output, all else is a file.
    static Destination parse(String text) {
        return text.isEmpty() || text.equals("-") ? new Stdout() : new File(Path.of(text));
    }
}
