package dev.jbuild.parser.word;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Words as long as a file can make them. Anything that nests on the Java stack or copies at each level fails here.
class WordSizeTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    static List<Arguments> nestings() {
        return List.of(
                Arguments.of("${a:-", "x", "}", "x"),
                Arguments.of("${a-", "x", "}", "x"),
                Arguments.of("${a:+", "x", "}", ""),
                Arguments.of("${b:+", "x", "}", "x"),
                Arguments.of("${b#", "x", "}", null),
                Arguments.of("${b/", "x", "/}", null),
                Arguments.of("\"${a:-", "x", "}\"", "x"),
                Arguments.of("${a:-", "", "", null),
                Arguments.of("${a/", "", "", null));
    }

    @ParameterizedTest(name = "{0}…{2}")
    @MethodSource("nestings")
    void deepNesting(String open, String inner, String close, @Nullable String expected) {
        String text = open.repeat(100_000) + inner + close.repeat(100_000);
        UnaryOperator<String> read = word -> expand(word);

        String result = assertTimeoutPreemptively(LIMIT, () -> read.apply(text));

        if (expected != null) {
            assertThat(result).isEqualTo(expected);
        }
    }

    private static String expand(String text) {
        WordExpander expander = new WordExpander('\\', name -> name.equals("b") ? "value" : null);
        try {
            return expander.expand(new Word(text, new Span(0, text.length())));
        } catch (WordException e) {
            return e.diagnostic().message();
        }
    }

    @Test
    void longWords() {
        String quotes = "'a'\"b\"\\c$b".repeat(100_000);

        assertThat(assertTimeoutPreemptively(LIMIT, () -> expand(quotes))).hasSize(800_000);
    }

    @Test
    void longValuesAndPatterns() {
        String value = "a".repeat(60_000);
        WordExpander expander = new WordExpander('\\', _ -> value);
        String pattern = "${x##" + "*a".repeat(2000) + "}${x%%" + "a*".repeat(2000) + "}${x//a*b/-}${x/"
                + "a".repeat(4000) + "b/-}";

        String result = assertTimeoutPreemptively(
                LIMIT, () -> expander.expand(new Word(pattern, new Span(0, pattern.length()))));

        assertThat(result).isEqualTo(value + value);
    }

    @Test
    void patternsThatWouldTakeForever() {
        String value = "a".repeat(60_000);
        WordExpander expander = new WordExpander('\\', _ -> value);
        String pattern = "${x//" + "a".repeat(50_000) + "b/-}";

        assertThatThrownBy(() -> expander.expand(new Word(pattern, new Span(0, pattern.length()))))
                .isInstanceOf(WordException.class)
                .hasMessageContaining("50001 characters cannot be looked for in a value of 60000 characters");
    }

    @Test
    void whatDoublesItselfIsStopped() {
        String value = "x".repeat(1 << 20);
        WordExpander expander = new WordExpander('\\', _ -> value);

        assertThatThrownBy(() -> expander.expand(new Word("$x".repeat(1000), new Span(0, 2000))))
                .isInstanceOf(WordException.class)
                .hasMessage("expands to more than 16 MiB");
    }
}
