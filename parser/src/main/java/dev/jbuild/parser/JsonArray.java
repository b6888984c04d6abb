package dev.jbuild.parser;

import java.io.Serial;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the JSON form of an instruction's arguments: an array of strings, and nothing behind it.
///
/// What is not JSON at all is not an error, for then the instruction has its other form; what is a JSON array with
/// anything but strings in it is one.
final class JsonArray {
    private static final int MAX_DEPTH = 10_000;

    /// A string and where it stands, quotes included, in the text that was read.
    record Item(String text, int start, int end) {}

    /// @param strings the elements, if all of them are strings
    /// @param otherStart where the first element that is no string stands, or -1
    record Result(List<Item> strings, int otherStart, int otherEnd) {}

    private final String text;
    private final int end;
    private int pos;

    private JsonArray(String text, int start, int end) {
        this.text = text;
        this.pos = start;
        this.end = end;
    }

    /// Reads the array between the offsets, or returns null if there is none.
    static @Nullable Result read(String text, int start, int end) {
        if (start == end || text.charAt(start) != '[') {
            return null;
        }
        try {
            return new JsonArray(text, start, end).array();
        } catch (NotJson e) {
            return null;
        }
    }

    private Result array() throws NotJson {
        List<Item> strings = new ArrayList<>();
        int otherStart = -1;
        int otherEnd = -1;
        pos++;
        blanks();
        if (peek() == ']') {
            pos++;
        } else {
            while (true) {
                blanks();
                int start = pos;
                if (peek() == '"') {
                    strings.add(new Item(string(), start, pos));
                } else {
                    value();
                    if (otherStart < 0) {
                        otherStart = start;
                        otherEnd = pos;
                    }
                }
                blanks();
                char c = take();
                if (c == ']') {
                    break;
                }
                if (c != ',') {
                    throw new NotJson();
                }
            }
        }
        blanks();
        if (pos != end) {
            throw new NotJson();
        }
        return new Result(strings, otherStart, otherEnd);
    }

    /// Any value, read with a list of what is open instead of by recursion.
    private void value() throws NotJson {
        StringBuilder open = new StringBuilder();
        boolean wantsValue = true;
        do {
            blanks();
            if (wantsValue) {
                char c = peek();
                if (c == '[' || c == '{') {
                    pos++;
                    open.append(c);
                    if (open.length() > MAX_DEPTH) {
                        throw new NotJson();
                    }
                    blanks();
                    if (peek() == closing(open)) {
                        pos++;
                        open.setLength(open.length() - 1);
                        wantsValue = false;
                    } else if (c == '{') {
                        key();
                    }
                } else {
                    scalar(c);
                    wantsValue = false;
                }
            } else {
                char c = take();
                if (c == closing(open)) {
                    open.setLength(open.length() - 1);
                } else if (c == ',') {
                    wantsValue = true;
                    if (open.charAt(open.length() - 1) == '{') {
                        key();
                    }
                } else {
                    throw new NotJson();
                }
            }
        } while (wantsValue || !open.isEmpty());
    }

    private static char closing(CharSequence open) {
        return open.charAt(open.length() - 1) == '[' ? ']' : '}';
    }

    private void key() throws NotJson {
        blanks();
        if (peek() != '"') {
            throw new NotJson();
        }
        string();
        blanks();
        if (take() != ':') {
            throw new NotJson();
        }
    }

    private void scalar(char c) throws NotJson {
        switch (c) {
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void literal(String literal) throws NotJson {
        if (pos + literal.length() > end || !text.startsWith(literal, pos)) {
            throw new NotJson();
        }
        pos += literal.length();
    }

    private void number() throws NotJson {
        if (peek() == '-') {
            pos++;
        }
        if (peek() == '0') {
            pos++;
        } else {
            digits();
        }
        if (pos < end && text.charAt(pos) == '.') {
            pos++;
            digits();
        }
        if (pos < end && (text.charAt(pos) == 'e' || text.charAt(pos) == 'E')) {
            pos++;
            if (peek() == '+' || peek() == '-') {
                pos++;
            }
            digits();
        }
    }

    private void digits() throws NotJson {
        int start = pos;
        while (pos < end && text.charAt(pos) >= '0' && text.charAt(pos) <= '9') {
            pos++;
        }
        if (pos == start) {
            throw new NotJson();
        }
    }

    private String string() throws NotJson {
        pos++;
        StringBuilder value = new StringBuilder();
        while (true) {
            char c = take();
            if (c == '"') {
                return wellFormed(value);
            }
            if (c < ' ') {
                throw new NotJson();
            }
            value.append(c == '\\' ? escaped() : c);
        }
    }

    /// Half a character would not survive as UTF-8.
    private static String wellFormed(StringBuilder value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                value.setCharAt(i, '\uFFFD');
            }
        }
        return value.toString();
    }

    private char escaped() throws NotJson {
        char c = take();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    char digit = take();
                    if (!HexFormat.isHexDigit(digit)) {
                        throw new NotJson();
                    }
                    code = code * 16 + HexFormat.fromHexDigit(digit);
                }
                yield (char) code;
            }
            default -> throw new NotJson();
        };
    }

    private void blanks() {
        while (pos < end && " \t\r\n".indexOf(text.charAt(pos)) >= 0) {
            pos++;
        }
    }

    private char peek() throws NotJson {
        if (pos >= end) {
            throw new NotJson();
        }
        return text.charAt(pos);
    }

    private char take() throws NotJson {
        char c = peek();
        pos++;
        return c;
    }

    private static final class NotJson extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        NotJson() {
            super(null, null, false, false);
        }
    }
}
