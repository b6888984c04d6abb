package dev.jbuild.parser.word;

import java.io.Serial;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The pattern of `${x#pattern}`, `${x%pattern}` and `${x/pattern/…}`: `*` is any text, `?` any character, neither
/// crosses a newline; a backslash takes their meaning away. There are no bracket expressions.
///
/// Since there is no alternative but the length of each `*`, taking the earliest place for each run of other
/// characters never misses a match; so matching never goes back over its choices.
final class ShellPattern {
    private static final int ANY = -1;
    private static final int STAR = -2;

    /// A match that begins here is missing something that the rest of the line does not have, so that a match which
    /// begins later in the line misses it too.
    private static final int NOT_IN_LINE = -2;

    /// A pattern is tried at every place of a value. No Dockerfile needs as many comparisons as that may come to.
    private static final long MOST_COMPARISONS = 1L << 28;

    private final int[] parts;
    private final boolean hasNewline;

    private ShellPattern(int[] parts) {
        this.parts = parts;
        boolean newline = false;
        for (int part : parts) {
            newline |= part == '\n';
        }
        this.hasNewline = newline;
    }

    /// @throws BadPattern if a backslash stands before a character that needs none
    static ShellPattern parse(String pattern) throws BadPattern {
        int[] in = pattern.codePoints().toArray();
        int[] parts = new int[in.length];
        int count = 0;
        for (int i = 0; i < in.length; i++) {
            int c = in[i];
            if (c == '*') {
                if (count == 0 || parts[count - 1] != STAR) {
                    parts[count++] = STAR;
                }
            } else if (c == '?') {
                parts[count++] = ANY;
            } else if (c == '\\') {
                int next = i + 1 < in.length ? in[++i] : -1;
                if (next != '*' && next != '?' && next != '\\' && next != '}' && next != '/') {
                    throw new BadPattern(
                            next < 0
                                    ? "a backslash ends the pattern"
                                    : "invalid escape `\\" + Character.toString(next) + "`");
                }
                parts[count++] = next;
            } else {
                parts[count++] = c;
            }
        }
        return new ShellPattern(Arrays.copyOf(parts, count));
    }

    /// @throws BadPattern if the pattern cannot be tried on this value in reasonable time
    ShellPattern checkedFor(String value) throws BadPattern {
        if ((long) parts.length * value.length() > MOST_COMPARISONS) {
            throw new BadPattern(
                    parts.length + " characters cannot be looked for in a value of " + value.length() + " characters");
        }
        return this;
    }

    String withoutPrefix(String value, boolean longest) {
        int[] text = value.codePoints().toArray();
        int end = matchEnd(parts, text, 0, longest);
        return end <= 0 ? value : new String(text, end, text.length - end);
    }

    String withoutSuffix(String value, boolean longest) {
        int[] text = reversed(value.codePoints().toArray());
        int end = matchEnd(reversed(parts), text, 0, longest);
        return end <= 0 ? value : new String(reversed(text), 0, text.length - end);
    }

    /// Replaces the first match, or all. Every match is the leftmost, and there the longest.
    String replace(String value, String replacement, boolean all) {
        int[] text = value.codePoints().toArray();
        StringBuilder result = new StringBuilder();
        int copied = 0;
        int lastEnd = -1;
        for (int at = 0; at <= text.length; ) {
            Match match = find(text, at);
            if (match == null) {
                break;
            }
            // An empty match right behind another match does not count.
            if (match.end > match.start || match.start != lastEnd) {
                result.append(new String(text, copied, match.start - copied)).append(replacement);
                copied = match.end;
                lastEnd = match.end;
                if (!all) {
                    break;
                }
            }
            at = match.end > match.start ? match.end : match.end + 1;
        }
        return result.append(new String(text, copied, text.length - copied)).toString();
    }

    private record Match(int start, int end) {}

    private @Nullable Match find(int[] text, int from) {
        for (int start = from; start <= text.length; start++) {
            int end = matchEnd(parts, text, start, true);
            if (end >= 0) {
                return new Match(start, end);
            }
            if (end == NOT_IN_LINE && !hasNewline) {
                start = lineEnd(text, start);
            }
        }
        return null;
    }

    /// Where a match that begins at start ends, or -1, or [#NOT_IN_LINE].
    private static int matchEnd(int[] parts, int[] text, int start, boolean longest) {
        int at = start;
        int part = 0;
        boolean afterStar = false;
        int lineEnd = -1;
        while (true) {
            int runEnd = part;
            while (runEnd < parts.length && parts[runEnd] != STAR) {
                runEnd++;
            }
            if (afterStar && at > lineEnd) {
                lineEnd = lineEnd(text, at);
            }
            int limit = afterStar ? lineEnd : at;
            boolean last = runEnd == parts.length;
            int found = last && longest && afterStar
                    ? lastRun(parts, part, runEnd, text, at, limit)
                    : firstRun(parts, part, runEnd, text, at, limit);
            if (found < 0) {
                return afterStar ? NOT_IN_LINE : -1;
            }
            at = found + runEnd - part;
            if (last) {
                return at;
            }
            part = runEnd + 1;
            afterStar = true;
        }
    }

    private static int lineEnd(int[] text, int from) {
        int end = from;
        while (end < text.length && text[end] != '\n') {
            end++;
        }
        return end;
    }

    private static int firstRun(int[] parts, int part, int runEnd, int[] text, int from, int limit) {
        for (int at = from; at <= limit; at++) {
            if (runAt(parts, part, runEnd, text, at)) {
                return at;
            }
        }
        return -1;
    }

    private static int lastRun(int[] parts, int part, int runEnd, int[] text, int from, int limit) {
        for (int at = limit; at >= from; at--) {
            if (runAt(parts, part, runEnd, text, at)) {
                return at;
            }
        }
        return -1;
    }

    private static boolean runAt(int[] parts, int part, int runEnd, int[] text, int at) {
        if (at + runEnd - part > text.length) {
            return false;
        }
        for (int i = part; i < runEnd; i++) {
            int c = text[at + i - part];
            if (parts[i] == ANY ? c == '\n' : parts[i] != c) {
                return false;
            }
        }
        return true;
    }

    private static int[] reversed(int[] in) {
        int[] out = new int[in.length];
        for (int i = 0; i < in.length; i++) {
            out[in.length - 1 - i] = in[i];
        }
        return out;
    }

    /// A pattern that has no meaning; the message says why.
    static final class BadPattern extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        BadPattern(String message) {
            super(message);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }
}
