package dev.jbuild.parser;

import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import java.util.List;
import java.util.Locale;

/// `FROM`.
final class FromSyntax {

    private FromSyntax() {}

    static From from(Statement statement) throws SyntaxException {
        List<Word> words = statement.plainWords();
        Word name = null;
        if (words.size() == 3 && words.get(1).text().equalsIgnoreCase("as")) {
            name = words.get(2);
            checkName(name);
        } else if (words.size() != 1) {
            throw arity(statement, words);
        }
        Flags flags = statement.flags();
        return new From(words.getFirst(), name, flags.value("platform"), statement.origin());
    }

    /// What stands for a `FROM` that has been reported as wrong.
    static From unreadable(Statement statement) {
        return new From(statement.keyword(), null, null, statement.origin());
    }

    private static SyntaxException arity(Statement statement, List<Word> words) {
        String message = "FROM requires either one or three arguments";
        if (words.isEmpty()) {
            return new SyntaxException(message, statement.keyword().span(), "name a base image, or scratch");
        }
        for (Word word : words) {
            if (word.text().startsWith("--")) {
                return new SyntaxException(message, word.span(), "flags stand before the image");
            }
            if (word.text().startsWith("#")) {
                return new SyntaxException(
                        message, word.span().to(words.getLast().span()), "a comment needs a line of its own");
            }
        }
        Span rest = words.size() == 1
                ? words.getFirst().span()
                : words.get(1).span().to(words.getLast().span());
        return new SyntaxException(message, rest, arityHint(words));
    }

    private static String arityHint(List<Word> words) {
        String image = words.getFirst().text();
        if (words.size() == 2 && words.get(1).text().equalsIgnoreCase("as")) {
            return "a name must follow " + words.get(1).text();
        }
        if (words.size() == 2) {
            return "did you mean `FROM " + image + " AS " + words.get(1).text() + "`?";
        }
        if (words.size() == 3) {
            return "did you mean `FROM " + image + " AS " + words.get(2).text() + "`?";
        }
        return "write FROM IMAGE AS NAME, and the name as one word";
    }

    private static void checkName(Word name) throws SyntaxException {
        String lower = name.text().toLowerCase(Locale.ROOT);
        for (int i = 0; i < lower.length(); i++) {
            char c = lower.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            boolean later = (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
            if (!letter && !(i > 0 && later)) {
                throw new SyntaxException(
                        "invalid name for build stage: " + Quoted.of(name.text())
                                + ", name can't start with a number or contain symbols",
                        name.span(),
                        c == '$'
                                ? "variables are not expanded in stage names"
                                : "a name begins with a letter a to z; letters, digits, `-`, `_` and `.` may follow");
            }
        }
    }
}
