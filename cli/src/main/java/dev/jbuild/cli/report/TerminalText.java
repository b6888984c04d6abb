package dev.jbuild.cli.report;

/// Makes text from outside fit for a terminal: what a step writes may hold anything, and must change nothing but the
/// place where it is shown.
public final class TerminalText {
    private static final char ESCAPE = '\u001b';
    private static final String RESET = "\u001b[0m";
    private static final int TAB = 8;

    private TerminalText() {}

    /// One line with every control sequence taken out, tabs as spaces, and of a line that was overwritten (a progress
    /// bar's `\r`) the last state.
    public static String plain(String line) {
        return clean(lastState(line), false);
    }

    /// As [#plain], but colours stay, and end with the line.
    static String coloured(String line) {
        return clean(lastState(line), true);
    }

    private static String lastState(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        int start = end == 0 ? -1 : line.lastIndexOf('\r', end - 1);
        return line.substring(start + 1, end);
    }

    private static String clean(String line, boolean colours) {
        if (isHarmless(line)) {
            return line;
        }
        StringBuilder text = new StringBuilder(line.length());
        boolean coloured = false;
        int i = 0;
        while (i < line.length()) {
            char c = line.charAt(i);
            if (c == ESCAPE || c == '\u009b') {
                int end = endOfSequence(line, i);
                if (colours && isColour(line, i, end)) {
                    text.append(line, i, end);
                    coloured = true;
                }
                i = end;
            } else {
                if (c == '\t') {
                    text.repeat(' ', TAB - text.length() % TAB);
                } else if (!isControl(c)) {
                    text.append(c);
                }
                i++;
            }
        }
        return coloured ? text.append(RESET).toString() : text.toString();
    }

    private static boolean isHarmless(String line) {
        for (int i = 0; i < line.length(); i++) {
            if (isControl(line.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    // C0, delete and C1, and the marks that turn the direction of writing for everything after them.
    private static boolean isControl(char c) {
        return c < ' ' || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    }

    // ECMA-48: CSI ends with a byte from @ to ~; a string (OSC, DCS, SOS, PM, APC) with BEL or ESC \; the
    // rest is short.
    private static int endOfSequence(String line, int start) {
        boolean single = line.charAt(start) != ESCAPE;
        int i = start + 1;
        if (!single && i >= line.length()) {
            return i;
        }
        char kind = single ? '[' : line.charAt(i++);
        if (kind == '[') {
            while (i < line.length() && line.charAt(i) >= ' ' && line.charAt(i) <= '?') {
                i++;
            }
            return i < line.length() && line.charAt(i) <= '~' && line.charAt(i) >= '@' ? i + 1 : i;
        }
        if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_') {
            while (i < line.length() && line.charAt(i) != '\u0007' && line.charAt(i) != ESCAPE) {
                i++;
            }
            if (i < line.length() && line.charAt(i) == ESCAPE) {
                i++;
                return i < line.length() && line.charAt(i) == '\\' ? i + 1 : i;
            }
            return Math.min(line.length(), i + 1);
        }
        while (kind >= ' ' && kind <= '/' && i < line.length()) {
            kind = line.charAt(i++);
        }
        return i;
    }

    private static boolean isColour(String line, int start, int end) {
        if (line.charAt(start) != ESCAPE || end - start < 3 || line.charAt(end - 1) != 'm') {
            return false;
        }
        for (int i = start + 2; i < end - 1; i++) {
            char c = line.charAt(i);
            if ((c < '0' || c > '9') && c != ';' && c != ':') {
                return false;
            }
        }
        return line.charAt(start + 1) == '[';
    }

    /// The columns that a clean text takes.
    static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            width += width(codePoint);
            i += Character.charCount(codePoint);
        }
        return width;
    }

    /// The columns of one character: none for combining ones, two for wide ones.
    static int width(int codePoint) {
        if (codePoint < 0x300) {
            return 1;
        }
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
            default -> isWide(codePoint) ? 2 : 1;
        };
    }

    // Unicode's East Asian wide and fullwidth blocks, and the emoji.
    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115f)
                || (c >= 0x2e80 && c <= 0xa4cf && c != 0x303f)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xf900 && c <= 0xfaff)
                || (c >= 0xfe30 && c <= 0xfe6f)
                || (c >= 0xff00 && c <= 0xff60)
                || (c >= 0xffe0 && c <= 0xffe6)
                || (c >= 0x1f300 && c <= 0x1faff)
                || (c >= 0x20000 && c <= 0x3fffd);
    }

    /// As much of a clean text as these columns hold; `…` stands for what is cut off.
    static String fit(String text, int columns) {
        if (columns <= 0) {
            return "";
        }
        int width = 0;
        int lastFit = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            width += width(codePoint);
            if (width > columns) {
                return text.substring(0, lastFit) + '…';
            }
            i += Character.charCount(codePoint);
            if (width < columns) {
                lastFit = i;
            }
        }
        return text;
    }
}
