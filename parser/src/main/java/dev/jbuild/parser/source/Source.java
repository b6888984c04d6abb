package dev.jbuild.parser.source;

import java.util.Arrays;

/// A text and the name people know it by. Lines end at `\n`; a `\r` before it is not part of the line.
public final class Source {
    private final String name;
    private final String text;
    private final int[] lineStarts;

    public Source(String name, String text) {
        this.name = name;
        this.text = text;
        this.lineStarts = lineStarts(text);
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[16];
        int count = 1;
        for (int newline = text.indexOf('\n'); newline >= 0; newline = text.indexOf('\n', newline + 1)) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count++] = newline + 1;
        }
        return Arrays.copyOf(starts, count);
    }

    /// The path or other name that messages begin with.
    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    /// The number of lines; a newline at the very end begins one more, empty line.
    public int lineCount() {
        return lineStarts.length;
    }

    /// Where the given offset lies. The offset may be the end of the text.
    public Position position(int offset) {
        if (offset < 0 || offset > text.length()) {
            throw new IndexOutOfBoundsException("offset " + offset + " of a text of " + text.length());
        }
        int found = Arrays.binarySearch(lineStarts, offset);
        int line = found >= 0 ? found : -found - 2;
        return new Position(line + 1, text.codePointCount(lineStarts[line], offset) + 1);
    }

    /// The text of the line with the given number, the first being one, without its line ending.
    public String line(int number) {
        if (number < 1 || number > lineStarts.length) {
            throw new IndexOutOfBoundsException("line " + number + " of " + lineStarts.length);
        }
        int start = lineStarts[number - 1];
        int end = number < lineStarts.length ? lineStarts[number] - 1 : text.length();
        return text.substring(start, end > start && text.charAt(end - 1) == '\r' ? end - 1 : end);
    }

    /// The text that a span covers, exactly as it stands in the file.
    public String text(Span span) {
        return text.substring(span.start(), span.end());
    }

    /// `name:line:column` of an offset.
    public String place(int offset) {
        return name + ":" + position(offset);
    }

    @Override
    public String toString() {
        return name;
    }
}
