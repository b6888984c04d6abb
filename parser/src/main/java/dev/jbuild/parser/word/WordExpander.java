package dev.jbuild.parser.word;

import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Replaces variables in words and removes their quotes and escapes, as the reference's section on environment
/// replacement says, with every modifier. Time and memory grow with the length of the word and of the result.
///
/// One expander serves one instruction: all its words see the same values. Not for use by several threads.
public final class WordExpander {
    private final char escape;
    private final Function<String, @Nullable String> lookup;
    private final Set<String> undefined = new TreeSet<>();

    /// @param escape the character of the `# escape=` directive
    /// @param lookup a variable's value, or null if it has none
    public WordExpander(char escape, Function<String, @Nullable String> lookup) {
        this.escape = escape;
        this.lookup = lookup;
    }

    /// The word with its variables replaced and its quotes removed.
    ///
    /// @throws WordException if the word has no meaning, or a `${x:?}` was not satisfied
    public String expand(Word word) {
        return lex(word.text(), word.span(), Mode.word(escape)).result();
    }

    /// As [#expand], split at the white space that was not quoted, that of variables' values included.
    public List<String> expandToWords(Word word) {
        List<String> words = new ArrayList<>();
        for (WordSplitter.Piece piece :
                lex(word.text(), word.span(), Mode.word(escape)).words()) {
            words.add(piece.text());
        }
        return words;
    }

    /// The content of the file that a here-document of `COPY` or `ADD` makes: variables replaced unless its word was
    /// quoted, quotes kept. A backslash escapes here even where another escape character was chosen.
    public String expandHeredoc(Heredoc heredoc) {
        String content = heredoc.content();
        return heredoc.expand()
                ? lex(content, heredoc.bodySpan(), Mode.HEREDOC_BODY).result()
                : content;
    }

    /// The variables that were used so far, without a default, and had no value; in alphabetical order.
    public Set<String> undefined() {
        return Collections.unmodifiableSet(undefined);
    }

    private WordLexer lex(String text, Span span, Mode mode) {
        WordLexer lexer = new WordLexer(text, mode, lookup);
        try {
            lexer.run();
        } catch (BadWord e) {
            boolean exact = span.end() - span.start() == text.length();
            Span place = exact ? new Span(span.start() + e.start, span.start() + e.end) : span;
            throw new WordException(e.message(), place, e.hint);
        }
        undefined.addAll(lexer.undefined());
        return lexer;
    }
}
