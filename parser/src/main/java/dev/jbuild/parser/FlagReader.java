package dev.jbuild.parser;

import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayList;
import java.util.List;

/// Reads the flags behind a keyword, up to the first word that does not begin with two dashes, or that is `--`.
///
/// Quotes and backslashes work as in a shell here, and a backslash does whatever `# escape=` says.
final class FlagReader {
    private final MappedText line;
    private final int end;
    private final List<Flag> flags = new ArrayList<>();
    private int pos;

    /// @param start the place behind the keyword
    FlagReader(MappedText line, int start, int end) {
        this.line = line;
        this.pos = start;
        this.end = end;
    }

    List<Flag> flags() {
        return flags;
    }

    /// Reads all flags and returns where the arguments begin.
    int read() {
        while (true) {
            pos = Whitespace.skip(line.text(), pos, end);
            if (!line.text().startsWith("--", pos) || pos + 2 > end) {
                return pos;
            }
            int start = pos;
            MappedText word = word();
            if (word.text().equals("--")) {
                return Whitespace.skip(line.text(), pos, end);
            }
            flags.add(flag(word, line.span(start, pos)));
        }
    }

    private static Flag flag(MappedText word, Span span) {
        int equals = word.text().indexOf('=');
        if (equals < 0) {
            return new Flag(word.word(2, word.length()), null, span);
        }
        return new Flag(word.word(2, equals), word.slice(equals + 1, word.length()), span);
    }

    private MappedText word() {
        MappedText.Builder word = new MappedText.Builder(line.origin(pos));
        char quote = 0;
        for (; pos < end; pos++) {
            char c = line.charAt(pos);
            if (quote == 0 && Whitespace.is(c)) {
                break;
            }
            if (c == '\\') {
                if (pos + 1 < end) {
                    pos++;
                    word.append(line.text(), pos, pos + 1, line.origin(pos));
                }
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else {
                word.append(line.text(), pos, pos + 1, line.origin(pos));
            }
        }
        return word.build();
    }
}
