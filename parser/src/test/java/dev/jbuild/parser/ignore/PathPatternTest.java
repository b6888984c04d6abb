package dev.jbuild.parser.ignore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

    @ParameterizedTest(name = "{0} matches {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "abc | abc | true",
                "abc | abcd | false",
                "* | abc | true",
                "* | a/b | false",
                "** | abc | true",
                "** | a/b | false",
                "a/**/z | a/b/z | true",
                "a/**/z | a/z | false",
                "a/**/z | a/b/c/z | false",
                "*c | abc | true",
                "a* | ab/c | false",
                "a*b?c*x | abxbbxdbxebxczzx | true",
                "a*b?c*x | abxbbxdbxebxczzy | false",
                "arr[[]0].txt | arr[0].txt | true",
                "[a-cx-z]? | y1 | true",
                "[^a]b | ☺b | true",
                "a?b | a☺b | true",
                "a?b | a😀b | true",
                "[a-ζ]* | α | true",
                "[\\-x] | - | true",
                "\\[a\\] | [a] | true",
            })
    void globsStayWithinANameAlways(String pattern, String path, boolean matches) {
        assertThat(PathPattern.glob(pattern).matches(path)).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {"[", "[^", "[^bc", "a[", "[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "\\", "a\\", "[\\", "[a"})
    void whatHasNoMeaning(String pattern) {
        assertThatThrownBy(() -> PathPattern.glob(pattern)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PathPattern.recursive(pattern)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void literalPatternsAreKnownAsSuch() {
        assertThat(PathPattern.glob("a/b").isLiteral()).isTrue();
        assertThat(PathPattern.glob("a\\*b").isLiteral()).isTrue();
        assertThat(PathPattern.glob("a\\*b").literalPrefix()).isEqualTo("a*b");
        assertThat(PathPattern.glob("a/b*/c").literalPrefix()).isEqualTo("a/b");
        assertThat(PathPattern.hasWildcard("a/b.c")).isFalse();
        assertThat(PathPattern.hasWildcard("a\\b")).isTrue();
    }
}
