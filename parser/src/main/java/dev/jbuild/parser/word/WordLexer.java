package dev.jbuild.parser.word;

import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One pass over one word: quotes, escapes and `$`. What is open (a double quote, the word of a modifier) lies on a
/// stack of its own and all of it writes to one buffer, so that nesting costs neither Java stack nor copies.
final class WordLexer {
    /// No environment variable of a Linux process can be longer than 128 KiB; what doubles itself stops here.
    private static final int MAX_RESULT = 16 << 20;

    private final String text;
    private final Mode mode;
    private final Function<String, @Nullable String> lookup;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Open> stack = new ArrayDeque<>();
    private final WordSplitter words = new WordSplitter();
    private final Set<String> undefined = new HashSet<>();
    private int pos;

    WordLexer(String text, Mode mode, Function<String, @Nullable String> lookup) {
        this.text = text;
        this.mode = mode;
        this.lookup = lookup;
    }

    /// Something that waits for its end.
    private sealed interface Open {
        boolean keepEscapes();
    }

    private record DoubleQuote(int start, int outStart, boolean keepEscapes) implements Open {}

    /// `${name` and the modifier, whose word follows; set is the value, or null.
    private record Modifier(
            int start,
            int outStart,
            boolean keepEscapes,
            String name,
            char kind,
            boolean colon,
            @Nullable String value) implements Open {}

    /// `${name/`, and then the pattern, or with a pattern, the replacement.
    private record Replace(
            int start,
            int outStart,
            @Nullable String pattern,
            boolean all,
            @Nullable String value,
            String name) implements Open {
        @Override
        public boolean keepEscapes() {
            return true;
        }
    }

    /// Reads the whole text.
    ///
    /// @throws BadWord if it has no meaning
    void run() throws BadWord {
        while (pos < text.length()) {
            if (out.length() > MAX_RESULT) {
                throw new BadWord("expands to more than " + (MAX_RESULT >> 20) + " MiB", 0, text.length(), null);
            }
            Open open = stack.peek();
            if (open instanceof DoubleQuote quote) {
                insideDoubleQuote(quote);
            } else {
                outside(open);
            }
        }
        Open open = stack.peek();
        if (open != null) {
            throw unclosed(open);
        }
        words.end(text.length());
    }

    String result() {
        return out.toString();
    }

    List<WordSplitter.Piece> words() {
        return words.pieces();
    }

    Set<String> undefined() {
        return undefined;
    }

    private void outside(@Nullable Open open) throws BadWord {
        int start = pos;
        int c = text.codePointAt(pos);
        if (c == '}' && open instanceof Modifier modifier) {
            pos++;
            stack.pop();
            close(modifier);
        } else if (open instanceof Replace replace && c == (replace.pattern == null ? '/' : '}')) {
            pos++;
            stack.pop();
            close(replace);
        } else if (c == '$') {
            dollar();
        } else if (c == '\'' && mode.processQuotes()) {
            singleQuote();
        } else if (c == '"' && mode.processQuotes()) {
            pos++;
            stack.push(new DoubleQuote(start, out.length(), keepEscapes(open)));
            if (mode.keepQuotes()) {
                out.append('"');
            }
        } else if (c == '<') {
            possibleHeredoc();
        } else if (c == mode.escape()) {
            pos++;
            int outStart = out.length();
            if (keepEscapes(open)) {
                out.append(mode.escape());
            }
            if (pos < text.length()) {
                int next = text.codePointAt(pos);
                pos += Character.charCount(next);
                out.appendCodePoint(next);
            }
            if (stack.isEmpty() && out.length() > outStart) {
                words.addRaw(out.substring(outStart), start, pos);
            }
        } else {
            pos += Character.charCount(c);
            out.appendCodePoint(c);
            if (stack.isEmpty()) {
                words.add(c, start, pos);
            }
        }
    }

    private boolean keepEscapes(@Nullable Open open) {
        return open == null ? mode.keepEscapes() : open.keepEscapes();
    }

    private void insideDoubleQuote(DoubleQuote quote) throws BadWord {
        int c = text.codePointAt(pos);
        if (c == '"') {
            pos++;
            stack.pop();
            if (mode.keepQuotes()) {
                out.append('"');
            }
            if (stack.isEmpty()) {
                words.addRaw(out.substring(quote.outStart), quote.start, pos);
            }
        } else if (c == '$') {
            dollar();
        } else if (c == mode.escape()) {
            pos++;
            if (quote.keepEscapes()) {
                out.append(mode.escape());
            }
            if (pos == text.length()) {
                return;
            }
            char next = text.charAt(pos);
            if (next == '"' || next == '$' || next == mode.escape()) {
                pos++;
                out.append(next);
            } else {
                out.append(mode.escape());
            }
        } else {
            pos += Character.charCount(c);
            out.appendCodePoint(c);
        }
    }

    private void singleQuote() throws BadWord {
        int start = pos;
        int end = text.indexOf('\'', pos + 1);
        if (end < 0) {
            throw new BadWord("a single quote is not closed", start, text.length(), "add the closing `'`");
        }
        pos = end + 1;
        int outStart = out.length();
        out.append(text, mode.keepQuotes() ? start : start + 1, mode.keepQuotes() ? pos : end);
        if (stack.isEmpty()) {
            words.addRaw(out.substring(outStart), start, pos);
        }
    }

    /// Keeps the blanks behind `<<` in the same word, so that `<< EOF` is one.
    private void possibleHeredoc() {
        int start = pos;
        pos++;
        if (pos < text.length() && text.charAt(pos) == '<') {
            pos++;
            while (pos < text.length() && Whitespace.separates(text.charAt(pos))) {
                pos++;
            }
        }
        out.append(text, start, pos);
        if (stack.isEmpty()) {
            words.addRaw(text.substring(start, pos), start, pos);
        }
    }

    private void dollar() throws BadWord {
        int start = pos++;
        int outStart = out.length();
        if (pos < text.length() && text.charAt(pos) == '{') {
            pos++;
            braced(start, outStart);
            return;
        }
        String name = name();
        if (name.isEmpty()) {
            out.append('$');
        } else {
            String value = lookup(name, true);
            out.append(value != null ? value : mode.keepUnset() ? "$" + name : "");
        }
        finishVariable(start, outStart);
    }

    private void braced(int start, int outStart) throws BadWord {
        if (pos == text.length()) {
            throw new BadWord("`${` is not closed", start, pos, "add the closing `}`");
        }
        char first = text.charAt(pos);
        if (first == '{' || first == '}' || first == ':') {
            throw new BadWord("bad substitution: `${` must be followed by a name", start, pos + 1, null);
        }
        String name = name();
        if (pos == text.length()) {
            throw new BadWord("`${" + name + "` is not closed", start, pos, "add the closing `}`");
        }
        char kind = text.charAt(pos++);
        boolean colon = kind == ':';
        if (kind == '}') {
            String value = lookup(name, true);
            out.append(value != null ? value : mode.keepUnset() ? "${" + name + "}" : "");
            finishVariable(start, outStart);
            return;
        }
        if (kind == '/') {
            boolean all = pos < text.length() && text.charAt(pos) == '/';
            if (all) {
                pos++;
            }
            String value = lookup(name, true);
            keepUnset(value, start);
            stack.push(new Replace(start, out.length(), null, all, value, name));
            return;
        }
        if (colon) {
            if (pos == text.length()) {
                throw new BadWord("`${" + name + ":` is not closed", start, pos, "add the closing `}`");
            }
            kind = text.charAt(pos++);
        }
        switch (kind) {
            case '-', '+', '?' -> {
                // Whoever writes a default knows that the variable may be missing.
                String value = lookup(name, false);
                keepUnset(value, start);
                stack.push(new Modifier(start, out.length(), false, name, kind, colon, value));
            }
            case '#', '%' -> {
                if (colon) {
                    throw unsupported(start, name, ":" + kind);
                }
                String value = lookup(name, true);
                keepUnset(value, start);
                stack.push(new Modifier(start, out.length(), true, name, kind, false, value));
            }
            default -> throw unsupported(start, name, (colon ? ":" : "") + kind);
        }
    }

    private void keepUnset(@Nullable String value, int start) {
        if (mode.keepUnset() && value == null) {
            out.append(text, start, pos);
        }
    }

    private BadWord unsupported(int start, String name, String modifier) {
        return new BadWord(
                "unsupported modifier `" + modifier + "` in the substitution of `" + name + "`",
                start,
                pos,
                "the modifiers are `:-` `-` `:+` `+` `:?` `?` `#` `##` `%` `%%` `/` and `//`");
    }

    private void close(Modifier modifier) throws BadWord {
        String value = modifier.value;
        if (mode.keepUnset() && value == null) {
            out.append('}');
            finishVariable(modifier.start, modifier.outStart);
            return;
        }
        boolean missing = value == null || (modifier.colon && value.isEmpty());
        String present = value == null ? "" : value;
        switch (modifier.kind) {
            case '-' -> {
                if (!missing) {
                    replaceOutput(modifier.outStart, present);
                }
            }
            case '+' -> {
                if (missing) {
                    out.setLength(modifier.outStart);
                }
            }
            case '?' -> {
                if (missing) {
                    String word = out.substring(modifier.outStart);
                    String message =
                            !word.isEmpty() ? word : "is not allowed to be " + (value == null ? "unset" : "empty");
                    throw new BadWord(modifier.name + ": " + message, modifier.start, pos, null);
                }
                replaceOutput(modifier.outStart, present);
            }
            default -> trim(modifier, present);
        }
        finishVariable(modifier.start, modifier.outStart);
    }

    private void trim(Modifier modifier, String value) throws BadWord {
        String word = out.substring(modifier.outStart);
        boolean longest = !word.isEmpty() && word.charAt(0) == modifier.kind;
        ShellPattern pattern = pattern(longest ? word.substring(1) : word, value, modifier.start);
        replaceOutput(
                modifier.outStart,
                modifier.kind == '#' ? pattern.withoutPrefix(value, longest) : pattern.withoutSuffix(value, longest));
    }

    private void close(Replace replace) throws BadWord {
        boolean kept = mode.keepUnset() && replace.value == null;
        if (replace.pattern == null) {
            String pattern = out.substring(replace.outStart);
            if (kept) {
                out.append('/');
            } else {
                out.setLength(replace.outStart);
            }
            stack.push(new Replace(replace.start, out.length(), pattern, replace.all, replace.value, replace.name));
            return;
        }
        if (kept) {
            out.append('}');
        } else {
            String replacement = out.substring(replace.outStart);
            String value = replace.value == null ? "" : replace.value;
            ShellPattern pattern = pattern(replace.pattern, value, replace.start);
            replaceOutput(replace.outStart, pattern.replace(value, replacement, replace.all));
        }
        finishVariable(replace.start, replace.outStart);
    }

    private ShellPattern pattern(String pattern, String value, int start) throws BadWord {
        try {
            return ShellPattern.parse(pattern).checkedFor(value);
        } catch (ShellPattern.BadPattern e) {
            String shown = pattern.length() <= 60 ? pattern : pattern.substring(0, 60) + "…";
            throw new BadWord("invalid pattern `" + shown + "` in a substitution: " + e.reason(), start, pos, null);
        }
    }

    private void replaceOutput(int outStart, String value) {
        out.setLength(outStart);
        out.append(value);
    }

    private void finishVariable(int start, int outStart) {
        if (stack.isEmpty()) {
            words.addExpanded(mode.keepUnset() ? text.substring(start, pos) : out.substring(outStart), start, pos);
        }
    }

    /// The name at the position: letters, digits and `_`, or digits alone, or one special parameter.
    private String name() {
        int start = pos;
        if (pos == text.length()) {
            return "";
        }
        int first = text.codePointAt(pos);
        if (Character.isDigit(first)) {
            while (pos < text.length() && Character.isDigit(text.codePointAt(pos))) {
                pos += Character.charCount(text.codePointAt(pos));
            }
            return text.substring(start, pos);
        }
        if ("@*#?-$!".indexOf(first) >= 0) {
            return text.substring(start, ++pos);
        }
        while (pos < text.length()) {
            int c = text.codePointAt(pos);
            if (!Character.isLetterOrDigit(c) && c != '_') {
                break;
            }
            pos += Character.charCount(c);
        }
        return text.substring(start, pos);
    }

    private @Nullable String lookup(String name, boolean needed) {
        String value = lookup.apply(name);
        if (value == null && needed) {
            undefined.add(name);
        }
        return value;
    }

    private BadWord unclosed(Open open) {
        int end = text.length();
        return switch (open) {
            case DoubleQuote quote ->
                new BadWord("a double quote is not closed", quote.start, end, "add the closing `\"`");
            case Modifier modifier ->
                new BadWord("`${" + modifier.name + "` is not closed", modifier.start, end, "add the closing `}`");
            case Replace replace
            when replace.pattern == null ->
                new BadWord(
                        "missing `/` in the substitution of `" + replace.name + "`",
                        replace.start,
                        end,
                        "write `${name/pattern/replacement}`");
            case Replace replace ->
                new BadWord("`${" + replace.name + "` is not closed", replace.start, end, "add the closing `}`");
        };
    }
}
