package dev.jbuild.parser;

import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import java.util.Arrays;

/// A text put together from pieces of a source, and the way back: lines without their continuations, flag values
/// without their quotes.
final class MappedText {
    private final String text;
    /// Where each piece begins in the text, and where that is in the source.
    private final int[] starts;

    private final int[] origins;
    private final int endOrigin;

    private MappedText(String text, int[] starts, int[] origins, int endOrigin) {
        this.text = text;
        this.starts = starts;
        this.origins = origins;
        this.endOrigin = endOrigin;
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    char charAt(int offset) {
        return text.charAt(offset);
    }

    /// Where the character at the offset stands in the source; for the end of the text, the place behind the last.
    int origin(int offset) {
        if (offset == text.length()) {
            return endOrigin;
        }
        int found = Arrays.binarySearch(starts, offset);
        int piece = found >= 0 ? found : -found - 2;
        return origins[piece] + offset - starts[piece];
    }

    /// The stretch of the source that the given part came from.
    Span span(int start, int end) {
        if (start == end) {
            int place = origin(start);
            return new Span(place, place);
        }
        return new Span(origin(start), origin(end - 1) + 1);
    }

    Word word(int start, int end) {
        return new Word(text.substring(start, end), span(start, end));
    }

    Word word() {
        return word(0, text.length());
    }

    /// The part between the offsets, as a text of its own.
    MappedText slice(int start, int end) {
        Builder part = new Builder(origin(start));
        for (int from = start; from < end; ) {
            int found = Arrays.binarySearch(starts, from);
            int piece = found >= 0 ? found : -found - 2;
            int to = piece + 1 < starts.length ? Math.min(end, starts[piece + 1]) : end;
            part.append(text, from, to, origin(from));
            from = to;
        }
        return part.build();
    }

    static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private int[] starts = new int[4];
        private int[] origins = new int[4];
        private int pieces;
        private int endOrigin;

        /// @param origin the place in the source that an empty text stands for
        Builder(int origin) {
            endOrigin = origin;
        }

        /// Adds the part of a text which stands in the source from the given origin on.
        void append(CharSequence from, int start, int end, int origin) {
            if (start == end) {
                return;
            }
            if (pieces == 0 || origin != endOrigin) {
                if (pieces == starts.length) {
                    starts = Arrays.copyOf(starts, pieces * 2);
                    origins = Arrays.copyOf(origins, pieces * 2);
                }
                starts[pieces] = text.length();
                origins[pieces++] = origin;
            }
            text.append(from, start, end);
            endOrigin = origin + end - start;
        }

        MappedText build() {
            return new MappedText(
                    text.toString(), Arrays.copyOf(starts, pieces), Arrays.copyOf(origins, pieces), endOrigin);
        }
    }
}
