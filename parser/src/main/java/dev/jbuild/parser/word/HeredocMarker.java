package dev.jbuild.parser.word;

import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Whitespace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The `[FD]<<[-]WORD` that announces a here-document.
///
/// @param name the word without its quotes
/// @param expand false if any part of the word was quoted
/// @param span where it stands in the text that was searched
public record HeredocMarker(String name, boolean expand, boolean chomp, int fileDescriptor, Span span) {

    /// The markers in an instruction's logical line, in order. A line whose quotes or substitutions do not end has
    /// none, since then nothing in it can be told apart.
    public static List<HeredocMarker> find(String line) {
        if (!line.contains("<<")) {
            return List.of();
        }
        WordLexer lexer = new WordLexer(line, Mode.RAW, name -> null);
        try {
            lexer.run();
        } catch (BadWord e) {
            return List.of();
        }
        List<HeredocMarker> markers = new ArrayList<>();
        for (WordSplitter.Piece piece : lexer.words()) {
            HeredocMarker marker = parse(piece);
            if (marker != null) {
                markers.add(marker);
            }
        }
        return markers;
    }

    private static @Nullable HeredocMarker parse(WordSplitter.Piece piece) {
        String word = piece.text();
        int at = 0;
        while (at < word.length() && word.charAt(at) >= '0' && word.charAt(at) <= '9') {
            at++;
        }
        int digits = at;
        if (!word.startsWith("<<", at)) {
            return null;
        }
        at += 2;
        boolean chomp = at < word.length() && word.charAt(at) == '-';
        if (chomp) {
            at++;
        }
        at = Whitespace.skip(word, at, word.length());
        String rest = word.substring(at);
        if (rest.isEmpty() || rest.indexOf('<') >= 0) {
            return null;
        }
        WordLexer lexer = new WordLexer(rest, Mode.HEREDOC_NAME, name -> null);
        try {
            lexer.run();
        } catch (BadWord e) {
            return null;
        }
        List<WordSplitter.Piece> names = lexer.words();
        if (names.size() != 1) {
            return null;
        }
        return new HeredocMarker(
                names.getFirst().text(),
                !isQuoted(rest),
                chomp,
                fileDescriptor(word.substring(0, digits)),
                new Span(piece.start(), piece.end()));
    }

    /// Whether the word has a quote that is not escaped.
    private static boolean isQuoted(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\'' || c == '"') {
                return true;
            }
        }
        return false;
    }

    private static int fileDescriptor(String digits) {
        return digits.isEmpty() || digits.length() > 9 ? 0 : Integer.parseInt(digits);
    }
}
