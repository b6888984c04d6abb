package dev.jbuild.parser;

import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayList;
import java.util.List;

/// Splits arguments at blanks that are neither quoted nor escaped. Quotes and escapes stay, for they matter again
/// when the words are expanded; only an escape character at the very end goes.
final class QuotedWords {
    private QuotedWords() {}

    static List<MappedText> split(Statement statement) {
        MappedText line = statement.line();
        List<MappedText> words = new ArrayList<>();
        int pos = statement.argumentsStart();
        while (true) {
            pos = Whitespace.skip(line.text(), pos, statement.end());
            if (pos == statement.end()) {
                return words;
            }
            int wordEnd = wordEnd(line, pos, statement.end(), statement.escape());
            boolean escapeAtEnd = wordEnd > statement.end();
            MappedText word = line.slice(pos, escapeAtEnd ? statement.end() - 1 : wordEnd);
            if (word.length() > 0) {
                words.add(word);
            }
            pos = Math.min(wordEnd, statement.end());
        }
    }

    /// Where the word ends, or one more than the end if that is an escape character with nothing to escape.
    private static int wordEnd(MappedText line, int start, int end, char escape) {
        char quote = 0;
        int pos = start;
        while (pos < end) {
            char c = line.charAt(pos);
            if (c == escape && quote != '\'') {
                if (pos + 1 == end) {
                    return end + 1;
                }
                pos++;
            } else if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (Whitespace.is(c)) {
                return pos;
            } else if (c == '\'' || c == '"') {
                quote = c;
            }
            pos++;
        }
        return end;
    }
}
