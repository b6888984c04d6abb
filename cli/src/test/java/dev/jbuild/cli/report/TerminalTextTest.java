package dev.jbuild.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TerminalTextTest {
    private static final String ESC = "\u001b";

    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("nothing special", "a b c", "a b c"),
                Arguments.of("progress bar", "10%\r50%\r100%\r", "100%"),
                Arguments.of("only a return", "\r", ""),
                Arguments.of("tab", "a\tb", "a       b"),
                Arguments.of("colour", "a" + ESC + "[31mb" + ESC + "[0m", "ab"),
                Arguments.of("clear screen", ESC + "[2Ja", "a"),
                Arguments.of("title", ESC + "]0;evil\u0007a", "a"),
                Arguments.of("title, ended by ST", ESC + "]0;evil" + ESC + "\\a", "a"),
                Arguments.of("title without an end", "a" + ESC + "]0;evil", "a"),
                Arguments.of("device control", ESC + "P1$qm" + ESC + "\\a", "a"),
                Arguments.of("character set", ESC + "(0a", "a"),
                Arguments.of("8-bit CSI", "\u009b2Ja", "a"),
                Arguments.of("escape at the end", "a" + ESC, "a"),
                Arguments.of("CSI at the end", "a" + ESC + "[", "a"),
                Arguments.of("bell, backspace, delete", "a\u0007\b\u007fb", "ab"),
                Arguments.of("reversed writing", "a\u202eb", "ab"),
                Arguments.of("other languages stay", "日本語 ü", "日本語 ü"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lines")
    void nothingReachesTheTerminalButText(String name, String line, String text) {
        assertThat(TerminalText.plain(line)).isEqualTo(text);
    }

    @Test
    void coloursEndWithTheirLine() {
        assertThat(TerminalText.coloured(ESC + "[1;31mred")).isEqualTo(ESC + "[1;31mred" + ESC + "[0m");
        assertThat(TerminalText.coloured(ESC + "[5A" + ESC + "[?1;31mx")).isEqualTo("x");
    }

    @ParameterizedTest(name = "{0} in {1} columns")
    @CsvSource({"abc, 3, abc", "abcd, 3, ab…", "abc, 1, …", "abc, 0, ''", "日本語, 6, 日本語", "日本語, 5, 日本…", "日本語, 4, 日…"})
    void fitsIntoColumns(String text, int columns, String fitted) {
        assertThat(TerminalText.fit(text, columns)).isEqualTo(fitted);
    }
}
