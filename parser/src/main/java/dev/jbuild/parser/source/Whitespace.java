package dev.jbuild.parser.source;

/// The blanks of the Dockerfile language: Unicode's white space, the no-break space included, as Go counts it.
public final class Whitespace {
    private Whitespace() {}

    public static boolean is(int c) {
        return switch (c) {
            case ' ', '\t', '\n', 0x0B, '\f', '\r', 0x85, 0xA0 -> true;
            default -> c > 0xFF && Character.isSpaceChar(c);
        };
    }

    /// Whether it separates the words of an instruction; other white space is part of a word there.
    public static boolean separates(int c) {
        return c == ' ' || c == '\t' || c == 0x0B || c == '\f' || c == '\r';
    }

    /// The first offset at or after start, and before end, that is not white space; end if there is none.
    public static int skip(CharSequence text, int start, int end) {
        int i = start;
        while (i < end && is(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /// The offset behind the last character that is not white space; start if there is none.
    public static int skipBack(CharSequence text, int start, int end) {
        int i = end;
        while (i > start && is(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    public static String strip(String text) {
        int start = skip(text, 0, text.length());
        return text.substring(start, skipBack(text, start, text.length()));
    }
}
