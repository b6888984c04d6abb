package dev.jbuild.parser.ignore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// A wildcard pattern for slash-separated paths. `*` is any text and `?` any character within one name, `[a-z]` and
/// `[^a-z]` are character classes, a backslash takes the next character's meaning away. Matching a path takes time in
/// proportion to the length of the path times that of the pattern, whatever they contain.
public final class PathPattern {
    private static final int[] NO_RANGES = {};

    /// One step of a pattern. Its number in the pattern is the state of a match that still needs it.
    private static final class Token {
        private final Kind kind;
        private final int character;
        private final boolean negated;
        /// First and last character of each range of a class.
        private final int[] ranges;

        private Token(Kind kind, int character, boolean negated, int[] ranges) {
            this.kind = kind;
            this.character = character;
            this.negated = negated;
            this.ranges = ranges;
        }

        private static Token of(Kind kind) {
            return new Token(kind, 0, false, NO_RANGES);
        }

        boolean accepts(int c) {
            return switch (kind) {
                case LITERAL -> c == character;
                case ANY, STAR -> c != '/';
                case CLASS -> {
                    boolean in = false;
                    for (int i = 0; i < ranges.length && !in; i += 2) {
                        in = ranges[i] <= c && c <= ranges[i + 1];
                    }
                    yield in != negated;
                }
                case DIRECTORIES, REST -> true;
            };
        }
    }

    private enum Kind {
        LITERAL,
        ANY,
        CLASS,
        /// `*`
        STAR,
        /// `**` and what follows it: nothing at all, or anything that ends with a slash
        DIRECTORIES,
        /// `**` at the end: anything
        REST
    }

    private final String text;
    private final Token[] tokens;
    private final boolean literal;
    private final String literalPrefix;

    private PathPattern(String text, Token[] tokens) {
        this.text = text;
        this.tokens = tokens;
        StringBuilder prefix = new StringBuilder();
        for (Token token : tokens) {
            if (token.kind != Kind.LITERAL) {
                break;
            }
            prefix.appendCodePoint(token.character);
        }
        this.literalPrefix = prefix.toString();
        this.literal = literalPrefix.codePointCount(0, literalPrefix.length()) == tokens.length;
    }

    /// A pattern with Go's `filepath.Match` meaning: of the wildcards only a character class can match
    /// a slash, and `**` is the same as `*`.
    ///
    /// @throws IllegalArgumentException if the pattern has no meaning, saying why
    public static PathPattern glob(String pattern) {
        return new PathPattern(pattern, new Reader(pattern, false).tokens());
    }

    /// As [#glob], but `**` matches any number of directories, none included, and at the end everything below.
    ///
    /// @throws IllegalArgumentException if the pattern has no meaning, saying why
    public static PathPattern recursive(String pattern) {
        return new PathPattern(pattern, new Reader(pattern, true).tokens());
    }

    /// Whether the text has anything that a pattern treats differently from a plain path.
    public static boolean hasWildcard(String text) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '*', '?', '[', '\\' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    /// Whether the pattern matches exactly one path, which is [#literalPrefix].
    public boolean isLiteral() {
        return literal;
    }

    /// What every matching path begins with: the characters before the first wildcard, with escapes undone.
    public String literalPrefix() {
        return literalPrefix;
    }

    /// The longest texts without a wildcard in them, in order. Every matching path contains each of them.
    List<String> literals() {
        List<String> literals = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (Token token : tokens) {
            if (token.kind == Kind.LITERAL) {
                text.appendCodePoint(token.character);
            } else if (!text.isEmpty()) {
                literals.add(text.toString());
                text.setLength(0);
            }
        }
        if (!text.isEmpty()) {
            literals.add(text.toString());
        }
        return literals;
    }

    /// Whether the whole path matches.
    public boolean matches(String path) {
        if (!path.startsWith(literalPrefix)) {
            return false;
        }
        if (literal) {
            return path.length() == literalPrefix.length();
        }
        Run run = new Run();
        run.read(path, literalPrefix.length());
        return run.accepted();
    }

    /// Whether the path or a directory above it matches.
    public boolean matchesPathOrParent(String path) {
        if (!path.startsWith(literalPrefix)) {
            return false;
        }
        int start = literalPrefix.length();
        if (literal) {
            return path.length() == start || path.charAt(start) == '/';
        }
        Run run = new Run();
        for (int from = start; ; ) {
            int slash = path.indexOf('/', from);
            run.read(slash < 0 ? path : path.substring(0, slash), from);
            if (run.accepted()) {
                return true;
            }
            if (slash < 0 || run.isDead()) {
                return false;
            }
            run.read("/", 0);
            from = slash + 1;
        }
    }

    /// Whether some path strictly below the directory could match.
    public boolean mayMatchBelow(String directory) {
        String path = directory + "/";
        if (literalPrefix.length() >= path.length()) {
            return literalPrefix.startsWith(path) && (literalPrefix.length() > path.length() || !literal);
        }
        if (!path.startsWith(literalPrefix) || literal) {
            return false;
        }
        Run run = new Run();
        run.read(path, literalPrefix.length());
        return !run.isDead();
    }

    @Override
    public String toString() {
        return text;
    }

    /// A match under way: the tokens that may come next.
    private final class Run {
        private BitSet states = new BitSet(tokens.length + 1);
        private BitSet next = new BitSet(tokens.length + 1);

        Run() {
            enter(states, literalPrefix.codePointCount(0, literalPrefix.length()));
        }

        void read(String path, int from) {
            for (int i = from; i < path.length(); ) {
                int c = path.codePointAt(i);
                i += Character.charCount(c);
                next.clear();
                for (int state = states.nextSetBit(0);
                        state >= 0 && state < tokens.length;
                        state = states.nextSetBit(state + 1)) {
                    if (tokens[state].accepts(c)) {
                        advance(state, c);
                    }
                }
                BitSet free = states;
                states = next;
                next = free;
                if (states.isEmpty()) {
                    return;
                }
            }
        }

        private void advance(int state, int c) {
            switch (tokens[state].kind) {
                case LITERAL, ANY, CLASS -> enter(next, state + 1);
                case STAR, REST -> enter(next, state);
                case DIRECTORIES -> {
                    next.set(state);
                    if (c == '/') {
                        enter(next, state + 1);
                    }
                }
            }
        }

        /// Adds a state and all that are reached from it without reading.
        private void enter(BitSet set, int first) {
            int state = first;
            set.set(state);
            while (state < tokens.length && mayBeEmpty(tokens[state].kind)) {
                set.set(++state);
            }
        }

        boolean accepted() {
            return states.get(tokens.length);
        }

        /// Nothing that follows can match; what matched so far is no help, as more text follows it.
        boolean isDead() {
            int first = states.nextSetBit(0);
            return first < 0 || first == tokens.length;
        }
    }

    private static boolean mayBeEmpty(Kind kind) {
        return switch (kind) {
            case STAR, DIRECTORIES, REST -> true;
            case LITERAL, ANY, CLASS -> false;
        };
    }

    private static final class Reader {
        private final int[] in;
        private final boolean recursive;
        private final Token[] out;
        private int count;
        private int pos;

        Reader(String pattern, boolean recursive) {
            this.in = pattern.codePoints().toArray();
            this.recursive = recursive;
            this.out = new Token[in.length];
        }

        Token[] tokens() {
            while (pos < in.length) {
                int c = in[pos++];
                out[count] = switch (c) {
                    case '*' -> star();
                    case '?' -> Token.of(Kind.ANY);
                    case '[' -> characterClass();
                    case '\\' -> {
                        if (pos == in.length) {
                            throw new IllegalArgumentException("a backslash ends the pattern");
                        }
                        yield literal(in[pos++]);
                    }
                    default -> literal(c);
                };
                count++;
            }
            return Arrays.copyOf(out, count);
        }

        private static Token literal(int c) {
            return new Token(Kind.LITERAL, c, false, NO_RANGES);
        }

        private Token star() {
            if (!recursive || pos == in.length || in[pos] != '*') {
                return Token.of(Kind.STAR);
            }
            boolean first = pos == 1;
            pos++;
            if (pos < in.length && in[pos] == '/') {
                pos++;
            } else if (first && pos < in.length && isLiteralFrom(pos)) {
                // `**name`, without a slash, is any path that ends so.
                return Token.of(Kind.REST);
            }
            return Token.of(pos == in.length ? Kind.REST : Kind.DIRECTORIES);
        }

        private boolean isLiteralFrom(int from) {
            for (int i = from; i < in.length; i++) {
                if (in[i] == '*' || in[i] == '?' || in[i] == '[' || in[i] == '\\') {
                    return false;
                }
            }
            return true;
        }

        private Token characterClass() {
            boolean negated = pos < in.length && in[pos] == '^';
            if (negated) {
                pos++;
            }
            int[] ranges = new int[8];
            int size = 0;
            while (true) {
                if (pos < in.length && in[pos] == ']' && size > 0) {
                    pos++;
                    return new Token(Kind.CLASS, 0, negated, Arrays.copyOf(ranges, size));
                }
                int low = classMember();
                int high = low;
                if (pos < in.length && in[pos] == '-') {
                    pos++;
                    high = classMember();
                }
                if (size == ranges.length) {
                    ranges = Arrays.copyOf(ranges, size * 2);
                }
                ranges[size++] = low;
                ranges[size++] = high;
            }
        }

        private int classMember() {
            if (pos == in.length) {
                throw new IllegalArgumentException("`[` is not closed");
            }
            int c = in[pos++];
            if (c == '-' || c == ']') {
                throw new IllegalArgumentException(
                        "`" + Character.toString(c) + "` has no meaning here in `[…]`; write a backslash before it");
            }
            if (c == '\\') {
                if (pos == in.length) {
                    throw new IllegalArgumentException("a backslash ends the pattern");
                }
                c = in[pos++];
            }
            if (pos == in.length) {
                throw new IllegalArgumentException("`[` is not closed");
            }
            return c;
        }
    }
}
