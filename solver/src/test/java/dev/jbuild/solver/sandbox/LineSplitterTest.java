package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LineSplitterTest {
    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("one\n", List.of("one")),
                Arguments.of("one\ntwo", List.of("one", "two")),
                Arguments.of("\n\n", List.of("", "")),
                Arguments.of("dos\r\nunix\n", List.of("dos", "unix")),
                Arguments.of("ten %\r99 %\rdone\n", List.of("ten %\r99 %\rdone")),
                Arguments.of("größe €\n", List.of("größe €")));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void linesAreTheSameHoweverTheBytesCome(String text, List<String> lines) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int size = 1; size <= bytes.length + 1; size++) {
            List<String> found = new ArrayList<>();
            LineSplitter splitter = new LineSplitter(found::add, Mask.NONE);
            for (int start = 0; start < bytes.length; start += size) {
                byte[] part = java.util.Arrays.copyOfRange(bytes, start, Math.min(bytes.length, start + size));
                splitter.add(part, part.length);
            }
            splitter.end();
            assertThat(found).as("%d bytes at a time", size).isEqualTo(lines);
        }
    }

    @Test
    void aLineWithoutEndIsCut() {
        List<String> found = new ArrayList<>();
        LineSplitter splitter = new LineSplitter(found::add, Mask.NONE);
        byte[] part = "x".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 100; i++) {
            splitter.add(part, part.length);
        }
        splitter.end();
        assertThat(found).hasSizeGreaterThan(10).allMatch(line -> line.length() <= 80_000);
        assertThat(String.join("", found)).hasSize(1_000_000);
    }
}
