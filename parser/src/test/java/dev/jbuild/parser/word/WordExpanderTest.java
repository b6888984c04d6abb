package dev.jbuild.parser.word;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WordExpanderTest {
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("NAME", "app"),
            Map.entry("EMPTY", ""),
            Map.entry("FILE", "src/main/app.tar.gz"),
            Map.entry("STARS", "a*b*c"),
            Map.entry("LINES", "one\ntwo"),
            Map.entry("WIDE", "😀é😀"),
            Map.entry("PORTS", "80 443/tcp"),
            Map.entry("PATTERN", "*.tar"),
            Map.entry("1", "first"),
            Map.entry("größe", "XL"),
            Map.entry("_x9", "under"));

    private final WordExpander expander = new WordExpander('\\', VALUES::get);

    private static Word word(String text) {
        return new Word(text, new Span(100, 100 + text.length()));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // variables and their names
                "plain | plain",
                "$NAME | app",
                "${NAME} | app",
                "x$NAME-y | xapp-y",
                "${NAME}y$NAMEy | appy",
                "$größe$_x9 | XLunder",
                "$1st${1} | firstst" + "first",
                "$MISSING. | .",
                "${MISSING}. | .",
                "$ | $",
                "a$ b | a$ b",
                "$.$/ | $.$/",
                "$@$*$#$?$-$!$$ | ``",
                "$0 | ``",
                // quotes and escapes
                "'$NAME \"x\"' | $NAME \"x\"",
                "\"$NAME 'x'\" | app 'x'",
                "a\"b\"'c'd | abcd",
                "\\$NAME | $NAME",
                "\"\\$NAME\" | $NAME",
                "\\\\$NAME | \\app",
                "a\\ b | a b",
                "a\\n | an",
                "\"a\\n\" | a\\n",
                "\"a\\\"b\\\\c\" | a\"b\\c",
                "end\\ | end",
                "\"end\\\" x\" | end\" x",
                "a <<  b | a <<  b",
                // defaults, alternatives, demands
                "${NAME:-x} | app",
                "${EMPTY:-x} | x",
                "${MISSING:-x} | x",
                "${EMPTY-x} | ``",
                "${MISSING-x} | x",
                "${MISSING:-} | ``",
                "${NAME:+x} | x",
                "${EMPTY:+x} | ``",
                "${MISSING:+x} | ``",
                "${EMPTY+x} | x",
                "${MISSING+x} | ``",
                "${NAME:?needed} | app",
                "${EMPTY?needed} | ``",
                "${MISSING:-${EMPTY:-$NAME}} | app",
                "${MISSING:-a b} | a b",
                "${MISSING:-'}'} | }",
                "${MISSING:-\"}$NAME\"} | }app",
                "${MISSING:-\\}} | }",
                "\"${MISSING:-\"x\"}\" | x",
                "${NAME:+${MISSING:+no}-${FILE##*/}} | -app.tar.gz",
                // prefixes and suffixes
                "${FILE#*/} | main/app.tar.gz",
                "${FILE##*/} | app.tar.gz",
                "${FILE%.*} | src/main/app.tar",
                "${FILE%%.*} | src/main/app",
                "${FILE%/*} | src/main",
                "${FILE#src} | /main/app.tar.gz",
                "${FILE#main} | src/main/app.tar.gz",
                "${FILE%gz} | src/main/app.tar.",
                "${FILE#???} | /main/app.tar.gz",
                "${FILE#} | src/main/app.tar.gz",
                "${FILE##} | src/main/app.tar.gz",
                "${FILE%%} | src/main/app.tar.gz",
                "${FILE#*} | src/main/app.tar.gz",
                "${FILE##*} | ``",
                "${FILE%%*} | ``",
                "${FILE#*/*/} | app.tar.gz",
                "${FILE##*a*.} | gz",
                "${FILE%${PATTERN}.gz} | src/main/app",
                "${FILE%%a*a*} | src/m",
                "${STARS#a\\*} | b*c",
                "${STARS%%\\**} | a",
                "${STARS##*\\*} | c",
                "${MISSING#x} | ``",
                "${MISSING%%*} | ``",
                "${WIDE#?} | é😀",
                "${WIDE%?} | 😀é",
                "${FILE#[s]} | src/main/app.tar.gz",
                "${FILE#'src/'} | main/app.tar.gz",
                // replacements
                "${FILE/a/A} | src/mAin/app.tar.gz",
                "${FILE//a/A} | src/mAin/App.tAr.gz",
                "${FILE//[a]/A} | src/main/app.tar.gz",
                "${FILE/a*a/-} | src/m-r.gz",
                "${FILE//?.?/_} | src/main/ap_a_z",
                "${FILE/\\//:} | src:main/app.tar.gz",
                "${FILE//\\//:} | src:main:app.tar.gz",
                "${FILE//\\/} | error",
                "${FILE/a/} | src/min/app.tar.gz",
                "${FILE/nothing/x} | src/main/app.tar.gz",
                "${FILE/$NAME/${NAME}2} | src/main/app2.tar.gz",
                "${NAME//p/pp} | apppp",
                "${NAME//*/x} | x",
                "${NAME//z*/x} | app",
                "${EMPTY//*/x} | x",
                "${NAME///-} | -a-p-p-",
                "${STARS//\\*/+} | a+b+c",
                "${MISSING/a/b} | ``",
                "${WIDE//😀/:} | :é:",
                // what has no meaning
                "${} | error",
                "${:x} | error",
                "${{NAME}} | error",
                "${NAME | error",
                "${ | error",
                "${NAME: | error",
                "${NAME:-x | error",
                "${NAME=x} | error",
                "${NAME:=x} | error",
                "${NAME:#x} | error",
                "${NAME:%x} | error",
                "${NAME:1:2} | error",
                "${NAME^} | error",
                "${NAME@Q} | error",
                "${!NAME} | error",
                "${NAME/p} | error",
                "${NAME//p} | error",
                "${NAME/p/ | error",
                "${NAME#\\x} | error",
                "${ NAME } | error",
                "'open | error",
                "\"open | error",
                "\"${NAME:-\"} | error",
                "${EMPTY:?} | error",
                "${MISSING?} | error",
                "${MISSING:?why} | error",
            })
    void expands(String text, String expected) {
        String result;
        try {
            result = expander.expand(word(text));
        } catch (WordException e) {
            result = "error";
        }

        assertThat(result).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "ab${NAME^^}cd | unsupported modifier `^` in the substitution of `NAME` | 2 | 9",
                "ab${NAME:x} | unsupported modifier `:x` in the substitution of `NAME` | 2 | 10",
                "ab'cd | a single quote is not closed | 2 | 5",
                "ab\"$NAME | a double quote is not closed | 2 | 8",
                "a${NAME:-${EMPTY | `${EMPTY` is not closed | 9 | 16",
                "a${NAME:-x | `${NAME` is not closed | 1 | 10",
                "a${NAME/x} | missing `/` in the substitution of `NAME` | 1 | 10",
                "${} | bad substitution: `${` must be followed by a name | 0 | 3",
                "${NAME#\\x} | invalid pattern `\\x` in a substitution: invalid escape `\\x` | 0 | 10",
                "x${MISSING?} | MISSING: is not allowed to be unset | 1 | 12",
                "x${EMPTY:?} | EMPTY: is not allowed to be empty | 1 | 11",
                "x${MISSING:?set $NAME} | MISSING: set app | 1 | 22",
            })
    void pointsAtWhatIsWrong(String text, String message, int start, int end) {
        WordException error = catchThrowableOfType(WordException.class, () -> expander.expand(word(text)));

        assertThat(error).hasMessage(message);
        assertThat(error.span()).isEqualTo(new Span(100 + start, 100 + end));
    }

    @Test
    void aJoinedWordIsPointedAtAsAWhole() {
        Word joined = new Word("ab${", new Span(10, 20));

        WordException error = catchThrowableOfType(WordException.class, () -> expander.expand(joined));

        assertThat(error.span()).isEqualTo(new Span(10, 20));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"${LINES#*}", "${LINES#o*}", "${LINES##*o}"})
    void aStarDoesNotCrossANewline(String text) {
        assertThat(expander.expand(word(text))).contains("\ntwo");
    }

    @Test
    void eachLineOfAValueIsSearched() {
        WordExpander lines = new WordExpander('\\', _ -> "a1\na2 a3b\nb a b");

        assertThat(lines.expand(word("${x//a*b/-}"))).isEqualTo("a1\n-\nb -");
        assertThat(lines.expand(word("${x//a*\nb/-}"))).isEqualTo("a1\n- a b");
    }

    @Test
    void theBacktickCanBeTheEscapeCharacter() {
        WordExpander backtick = new WordExpander('`', VALUES::get);

        assertThat(backtick.expand(word("c:\\$NAME`$NAME\"`\"x\""))).isEqualTo("c:\\app$NAME\"x");
    }

    static List<Arguments> words() {
        return List.of(
                Arguments.of("80", List.of("80")),
                Arguments.of("$PORTS", List.of("80", "443/tcp")),
                Arguments.of("\"$PORTS\"", List.of("80 443/tcp")),
                Arguments.of("8$PORTS'0'", List.of("880", "443/tcp0")),
                Arguments.of("${MISSING:-1 2}", List.of("1", "2")),
                Arguments.of("a\\ b c", List.of("a b", "c")),
                Arguments.of("$EMPTY\"\"", List.of()),
                Arguments.of(" x\ty ", List.of("x", "y")));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("words")
    void splitsIntoWords(String text, List<String> expected) {
        assertThat(expander.expandToWords(word(text))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "it's \"$NAME\" | it's \"app\"",
                "\\$NAME | $NAME",
                "a\\b\\\\c | ab\\c",
                "${MISSING:-'x'} | 'x'",
            })
    void hereDocumentsKeepTheirQuotes(String body, String expected) {
        WordExpander backtick = new WordExpander('`', VALUES::get);
        Heredoc heredoc = new Heredoc("EOF", true, false, 0, body, new Span(0, 5), new Span(9, 9 + body.length()));

        assertThat(backtick.expandHeredoc(heredoc)).isEqualTo(expected);
    }

    @Test
    void aQuotedHereDocumentIsLeftAlone() {
        Heredoc heredoc = new Heredoc("EOF", false, true, 0, "\t$NAME\n\t\t\\x\ty\n", new Span(0, 5), new Span(9, 22));

        assertThat(expander.expandHeredoc(heredoc)).isEqualTo("$NAME\n\\x\ty\n");
    }

    @Test
    void namesWithoutAValueAreRemembered() {
        expander.expand(word("$NAME $B ${A} ${C:-default} ${D+x} ${E%x}"));

        assertThat(expander.undefined()).containsExactly("A", "B", "E");
    }
}
