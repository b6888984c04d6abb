package dev.jbuild.parser.word;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A text has no meaning as a word; the offsets are those of the text that was read.
final class BadWord extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    final int start;
    final int end;
    final transient @Nullable String hint;

    BadWord(String message, int start, int end, @Nullable String hint) {
        super(message);
        this.start = start;
        this.end = end;
        this.hint = hint;
    }

    String message() {
        return String.valueOf(getMessage());
    }
}
