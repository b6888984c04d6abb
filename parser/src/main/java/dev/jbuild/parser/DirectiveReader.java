package dev.jbuild.parser;

import dev.jbuild.parser.ast.ParserDirectives;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Whitespace;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the parser directives, `# key=value` before anything else. The first line that is none ends them, be it
/// blank or another comment; only a first line that begins with `#!` may come before them, though `escape` then has
/// no effect.
final class DirectiveReader {
    private final String text;
    private final int first;
    private final String comment;
    private @Nullable Word syntax;
    private @Nullable Word escape;
    private @Nullable Word check;
    private boolean afterShebang;
    private boolean done;

    DirectiveReader(String text, int first) {
        this(text, first, "#");
    }

    /// @param comment what comments begin with
    DirectiveReader(String text, int first, String comment) {
        this.text = text;
        this.first = first;
        this.comment = comment;
    }

    ParserDirectives directives() {
        return new ParserDirectives(syntax, escape(), check);
    }

    char escape() {
        return escape == null ? '\\' : escape.text().charAt(0);
    }

    /// Whether the line, given without leading blanks, is a directive or comes before them; if so it has been read.
    boolean read(int start, int end) throws SyntaxException {
        if (done) {
            return false;
        }
        if (start == first && text.startsWith("#!", start)) {
            afterShebang = true;
            return true;
        }
        done = !readDirective(start, end);
        return !done;
    }

    private boolean readDirective(int start, int end) throws SyntaxException {
        if (start == end || !text.startsWith(comment, start)) {
            return false;
        }
        int keyStart = Whitespace.skip(text, start + comment.length(), end);
        int keyEnd = keyStart;
        while (keyEnd < end && isKeyCharacter(text.charAt(keyEnd), keyEnd == keyStart)) {
            keyEnd++;
        }
        int equals = Whitespace.skip(text, keyEnd, end);
        if (keyEnd == keyStart || equals == end || text.charAt(equals) != '=') {
            return false;
        }
        int valueStart = Whitespace.skip(text, equals + 1, end);
        int valueEnd = Whitespace.skipBack(text, valueStart, end);
        if (valueStart == valueEnd) {
            return false;
        }
        Word value = new Word(text.substring(valueStart, valueEnd), new Span(valueStart, valueEnd));
        String key = text.substring(keyStart, keyEnd).toLowerCase(Locale.ROOT);
        Span keySpan = new Span(keyStart, keyEnd);
        switch (key) {
            case "syntax" -> syntax = once(key, keySpan, syntax, value);
            case "check" -> check = once(key, keySpan, check, value);
            case "escape" -> {
                if (!afterShebang) {
                    once(key, keySpan, escape, value);
                    if (!value.text().equals("\\") && !value.text().equals("`")) {
                        throw new SyntaxException(
                                "invalid escape token " + Quoted.of(value.text()),
                                value.span(),
                                "it can be a backslash or a backtick");
                    }
                    escape = value;
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static Word once(String key, Span keySpan, @Nullable Word earlier, Word value) throws SyntaxException {
        if (earlier != null) {
            throw new SyntaxException(
                    "only one " + key + " parser directive can be used", keySpan, "remove one of them");
        }
        return value;
    }

    private static boolean isKeyCharacter(char c, boolean first) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (!first && c >= '0' && c <= '9');
    }
}
