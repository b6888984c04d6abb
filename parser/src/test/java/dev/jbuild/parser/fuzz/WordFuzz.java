package dev.jbuild.parser.fuzz;

import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.parser.word.WordExpander;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A word, and behind NUL characters the value of `$v` and a pattern for it. Words are put into each other where the
/// meaning of the whole is known from that of the parts; patterns are compared with [NaivePattern].
public final class WordFuzz {
    private static final CpuBudget BUDGET = new CpuBudget(500);
    private static final String ACTIVE = "$\\`'\"<";

    private WordFuzz() {}

    /// The fuzzer's entry point.
    public static void fuzzerTestOneInput(byte[] input) {
        String[] parts = new String(input, StandardCharsets.UTF_8).split("\0", 4);
        String text = parts[0];
        String value = parts.length > 1 ? parts[1] : "value";
        String pattern = parts.length > 2 ? parts[2] : "*a?";
        String replacement = parts.length > 3 ? parts[3] : "-";
        char escape = text.startsWith("`") ? '`' : '\\';
        Words words = new Words(escape, value);
        String result = words.expand(text);
        words.split(text);
        words.heredoc(text);
        plain(words, text, result);
        nested(words, text, result, escape);
        NaivePattern.compare(words, value, pattern, replacement);
        if (BUDGET.isDue()) {
            String large = CpuBudget.large(text);
            CpuBudget.check("expanding a word", () -> {
                words.expand(large);
                words.split(large);
            });
        }
    }

    private static boolean isPlain(String text, String active) {
        return text.chars().noneMatch(c -> active.indexOf(c) >= 0);
    }

    /// What has nothing special in it stays as it is.
    private static void plain(Words words, String text, @Nullable String result) {
        if (isPlain(text, ACTIVE)) {
            Trees.require(text.equals(result), "`" + text + "` became `" + result + "`");
            Trees.require(
                    String.join("", words.required(text)).equals(text.replaceAll(Words.BLANKS, "")),
                    "the words of `" + text + "`: " + words.required(text));
        }
        String quoted = "'" + text.replace("'", "") + "'";
        Trees.require(quoted.equals("'" + words.expand(quoted) + "'"), quoted + " became " + words.expand(quoted));
    }

    /// A word that has a meaning has the same one as a default, and between double quotes.
    private static void nested(Words words, String text, @Nullable String result, char escape) {
        if (result == null || text.indexOf('}') >= 0 || text.indexOf(escape) >= 0) {
            return;
        }
        for (String form : List.of("${unset:-%s}", "${unset-%s}", "${v+%s}", "${unset:-${unset-%s}}")) {
            String inside = form.replace("%s", text);
            Trees.require(result.equals(words.expand(inside)), inside + " became " + words.expand(inside));
        }
        if (isPlain(text, "'\"")) {
            String inside = '"' + text + '"';
            Trees.require(result.equals(words.expand(inside)), inside + " became " + words.expand(inside));
        }
    }

    /// Expands words, all with the same values.
    static final class Words {
        static final String BLANKS = "[ \\t\\n\\x0B\\f\\r\\x85\\xA0]|(?![\\x{0}-\\x{FF}])\\p{Z}";

        private final char escape;
        private final Function<String, @Nullable String> values;

        Words(char escape, String value) {
            this.escape = escape;
            this.values = name -> switch (name) {
                case "unset" -> null;
                case "v" -> value;
                default -> Stream.of(null, "", "a b", "value of " + name).toArray(String[]::new)[name.length() % 4];
            };
        }

        private WordExpander expander() {
            return new WordExpander(escape, values);
        }

        private static Word word(String text) {
            return new Word(text, new Span(0, text.length()));
        }

        /// The result, or null if there was a finding instead.
        @Nullable
        String expand(String text) {
            try {
                return expander().expand(word(text));
            } catch (WordException e) {
                Trees.finding(e.diagnostic(), new Source("word", text));
                return null;
            }
        }

        List<String> required(String text) {
            return expander().expandToWords(word(text));
        }

        void split(String text) {
            try {
                for (String piece : required(text)) {
                    Trees.require(!piece.isEmpty(), "an empty word from " + text);
                }
            } catch (WordException e) {
                Trees.finding(e.diagnostic(), new Source("word", text));
            }
        }

        void heredoc(String text) {
            Span span = new Span(0, text.length());
            try {
                expander().expandHeredoc(new Heredoc("EOF", true, true, 0, text, span, span));
            } catch (WordException e) {
                Trees.finding(e.diagnostic(), new Source("word", text));
            }
        }
    }
}
