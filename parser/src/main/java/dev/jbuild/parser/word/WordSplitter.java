package dev.jbuild.parser.word;

import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayList;
import java.util.List;

/// Splits what [WordLexer] finds into words: at white space that was neither quoted nor escaped, also at white space
/// that came out of a variable. A word that is empty does not count.
final class WordSplitter {
    /// A word, and where it stood before expansion.
    record Piece(String text, int start, int end) {}

    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int start;
    private int end;

    void add(int c, int from, int to) {
        if (!Whitespace.is(c)) {
            begin(from);
            word.appendCodePoint(c);
            end = to;
        } else if (inWord && !word.isEmpty()) {
            finish();
        }
    }

    void addRaw(String text, int from, int to) {
        begin(from);
        word.append(text);
        end = to;
    }

    void addExpanded(String text, int from, int to) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            add(c, from, to);
            i += Character.charCount(c);
        }
    }

    void end(int textEnd) {
        if (!word.isEmpty()) {
            end = Math.min(end, textEnd);
            finish();
        }
    }

    List<Piece> pieces() {
        return pieces;
    }

    private void begin(int from) {
        if (!inWord) {
            inWord = true;
            start = from;
        }
    }

    private void finish() {
        pieces.add(new Piece(word.toString(), start, end));
        word.setLength(0);
        inWord = false;
    }
}
