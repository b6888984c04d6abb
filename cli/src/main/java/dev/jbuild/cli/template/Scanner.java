package dev.jbuild.cli.template;

import dev.jbuild.cli.report.UsageException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes a template apart: text, and the words between `{{` and `}}`.
final class Scanner {
    private final String source;
    private int position;

    Scanner(String source) {
        this.source = source;
    }

    /// Text up to an action, and the action's words, the last of which is an [Token.Kind#END]; no words at the
    /// template's end, or for a comment.
    record Piece(String text, List<Token> words, boolean last) {
        Piece {
            words = List.copyOf(words);
        }
    }

    UsageException wrong(int at, String problem) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(at, source.length()); i++) {
            if (source.charAt(i) == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        String place = source.indexOf('\n') < 0 ? "column " + column : "line " + line + ", column " + column;
        return new UsageException("template, " + place + ": " + problem);
    }

    private boolean trimNext;

    Piece next() {
        int open = source.indexOf("{{", position);
        String text = source.substring(position, open < 0 ? source.length() : open);
        if (trimNext) {
            text = text.stripLeading();
        }
        trimNext = false;
        if (open < 0) {
            position = source.length();
            return new Piece(text, List.of(), true);
        }
        position = open + 2;
        if (source.startsWith("-", position) && blankAt(position + 1)) {
            position++;
            text = text.stripTrailing();
        }
        skipBlanks();
        if (source.startsWith("/*", position)) {
            comment(open);
            return new Piece(text, List.of(), false);
        }
        return new Piece(text, words(open), false);
    }

    private void comment(int open) {
        int end = source.indexOf("*/", position);
        if (end < 0) {
            throw wrong(open, "the comment has no end; close it with */}}");
        }
        position = end + 2;
        if (!closed()) {
            throw wrong(end, "a comment is all there is between {{ and }}");
        }
    }

    private List<Token> words(int open) {
        List<Token> words = new ArrayList<>();
        while (true) {
            int before = position;
            skipBlanks();
            boolean spaced = position > before || words.isEmpty();
            int at = position;
            if (closed()) {
                words.add(new Token(Token.Kind.END, "}}", null, at, spaced));
                return words;
            }
            if (position >= source.length()) {
                throw wrong(open, "there is no }} for this {{");
            }
            words.add(word(at, spaced));
        }
    }

    /// Passes `}}` or `-}}`, if that is what comes.
    private boolean closed() {
        int before = position;
        skipBlanks();
        boolean trims = source.startsWith("-}}", position) && position > 0 && blankAt(position - 1);
        if (trims || source.startsWith("}}", position)) {
            position += trims ? 3 : 2;
            trimNext = trims;
            return true;
        }
        position = before;
        return false;
    }

    private Token word(int at, boolean spaced) {
        char c = source.charAt(at);
        if (c == '"' || c == '`') {
            String text = c == '"' ? quoted() : raw();
            return new Token(Token.Kind.LITERAL, text, text, at, spaced);
        }
        if (c == '.' && !digitAt(at + 1)) {
            position++;
            String name = name();
            return new Token(name.isEmpty() ? Token.Kind.DOT : Token.Kind.FIELD, name, null, at, spaced);
        }
        if (c == '$') {
            position++;
            return new Token(Token.Kind.VARIABLE, "$" + name(), null, at, spaced);
        }
        if (c == ':' && source.startsWith(":=", at)) {
            position += 2;
            return new Token(Token.Kind.SIGN, ":=", null, at, spaced);
        }
        if ("|(),=".indexOf(c) >= 0) {
            position++;
            return new Token(Token.Kind.SIGN, String.valueOf(c), null, at, spaced);
        }
        if (Character.isDigit(c) || c == '.' || ((c == '-' || c == '+') && digitAt(at + 1))) {
            return new Token(Token.Kind.LITERAL, "", number(), at, spaced);
        }
        String name = name();
        if (name.isEmpty()) {
            throw wrong(at, "unexpected '" + Character.toString(source.codePointAt(at)) + "'");
        }
        return new Token(Token.Kind.NAME, name, null, at, spaced);
    }

    private String name() {
        int start = position;
        while (position < source.length()
                && (Character.isLetterOrDigit(source.charAt(position)) || source.charAt(position) == '_')) {
            position++;
        }
        return source.substring(start, position);
    }

    private Object number() {
        int start = position++;
        while (position < source.length()
                && (Character.isLetterOrDigit(source.charAt(position)) || source.charAt(position) == '.')) {
            position++;
        }
        String text = source.substring(start, position);
        try {
            return text.indexOf('.') < 0 ? (Object) Long.decode(text) : (Object) Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw wrong(start, "\"" + text + "\" is not a number");
        }
    }

    private String raw() {
        int end = source.indexOf('`', position + 1);
        if (end < 0) {
            throw wrong(position, "the string has no end");
        }
        String text = source.substring(position + 1, end);
        position = end + 1;
        return text;
    }

    private String quoted() {
        int start = position++;
        StringBuilder text = new StringBuilder();
        while (position < source.length() && source.charAt(position) != '"' && source.charAt(position) != '\n') {
            char c = source.charAt(position++);
            if (c == '\\') {
                text.append(escaped(position - 1));
            } else {
                text.append(c);
            }
        }
        if (position >= source.length() || source.charAt(position) != '"') {
            throw wrong(start, "the string has no end");
        }
        position++;
        return text.toString();
    }

    private String escaped(int at) {
        char c = position < source.length() ? source.charAt(position++) : '"';
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case '\\', '"', '\'' -> String.valueOf(c);
            case 'x' -> hex(at, 2);
            case 'u' -> hex(at, 4);
            default -> throw wrong(at, "strings know no \\" + c);
        };
    }

    private String hex(int at, int digits) {
        int end = Math.min(source.length(), position + digits);
        @Nullable String text;
        try {
            text = Character.toString(Integer.parseUnsignedInt(source.substring(position, end), 16));
        } catch (NumberFormatException e) {
            throw wrong(at, "expected " + digits + " hexadecimal digits");
        }
        position = end;
        return text;
    }

    private boolean digitAt(int at) {
        return at < source.length() && source.charAt(at) >= '0' && source.charAt(at) <= '9';
    }

    private boolean blankAt(int at) {
        return at < source.length() && Character.isWhitespace(source.charAt(at));
    }

    private void skipBlanks() {
        while (blankAt(position)) {
            position++;
        }
    }
}
