package dev.jbuild.parser.ignore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.jbuild.parser.fuzz.NaiveIgnore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// So many patterns that trying one after another would not end. What the index of them says is compared with doing
/// just that.
class ManyPatternsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @Test
    void theIndexSaysWhatTryingAllPatternsSays() {
        Random random = new Random(20_261_121);
        List<String> pieces =
                List.of("a", "b", "ab", "ba", "/", "/", "*", "**", "**/", "?", "[ab]", "[^a]", "\\a", "é");
        int excluded = 0;
        for (int round = 0; round < 400; round++) {
            StringBuilder patterns = new StringBuilder();
            for (int i = random.nextInt(60); i >= 0; i--) {
                patterns.append(random.nextInt(3) == 0 ? "!" : "")
                        .append(path(random, pieces))
                        .append('\n');
            }
            IgnoreFile file = IgnoreFile.parse(patterns.toString());
            NaiveIgnore naive = NaiveIgnore.parse(patterns.toString());
            for (int i = 0; naive != null && i < 30; i++) {
                String path = path(random, pieces.subList(0, 6));
                boolean expected = naive.excludes(path);
                assertThat(file.excludes(path)).as("%s by%n%s", path, patterns).isEqualTo(expected);
                excluded += expected ? 1 : 0;
                for (int slash = path.indexOf('/'); slash > 0 && !expected; slash = path.indexOf('/', slash + 1)) {
                    assertThat(file.mayIncludeBelow(path.substring(0, slash)))
                            .as("%s below %s by%n%s", path, path.substring(0, slash), patterns)
                            .isTrue();
                }
            }
        }
        assertThat(excluded).isBetween(2_000, 10_000);
    }

    /// Names of one or two pieces, without an empty one.
    private static String path(Random random, List<String> pieces) {
        StringBuilder path = new StringBuilder(pieces.get(random.nextInt(4)));
        for (int i = random.nextInt(6); i > 0; i--) {
            path.append(pieces.get(random.nextInt(pieces.size())));
        }
        String clean = path.append("a").toString().replaceAll("/+", "/");
        return clean.startsWith("/") ? clean.substring(1) : clean;
    }

    static List<Arguments> kinds() {
        return List.of(
                kind("src/module%d/*.o", "src/module%d/x.o"),
                kind("*.ext%d", "file.ext%d"),
                kind("**/*.ext%d", "a/b/c/file.ext%d"),
                kind("!**/cache-%d-*/keep", "a/cache-%d-z/keep"),
                kind("*/temp%d*", "a/temp%dx/y"),
                kind("**/build%d/**/*.class", "x/build%d/a/b/C.class"),
                kind("a?/[bc]/name%d/*.md", "ax/b/name%d/readme.md"),
                kind("*", "common/%d"));
    }

    private static Arguments kind(String pattern, String path) {
        return Arguments.of(pattern, path);
    }

    @ParameterizedTest(name = "100,000 × {0}")
    @MethodSource("kinds")
    void aHundredThousand(String pattern, String path) {
        int count = 100_000;
        String patterns = lines(
                count, i -> (i % 2 == 0 ? "!" : "") + pattern.replace("!", "").formatted(i));

        int included = assertTimeoutPreemptively(LIMIT, () -> {
            IgnoreFile file = IgnoreFile.parse("**\n" + patterns);
            int found = 0;
            for (int i = 0; i < count; i++) {
                found += file.excludes(path.formatted(i)) ? 0 : 1;
                file.mayIncludeBelow("a/dir" + i);
            }
            return found;
        });

        // The same pattern again and again: only the last counts.
        assertThat(included).isEqualTo(pattern.contains("%") ? count / 2 : 0);
    }

    @Test
    void aHundredThousandInclusions() {
        int count = 100_000;
        String patterns = lines(count, i -> "!a/dir" + i + "/keep") + lines(count, i -> "!*/x" + i + "/*.md");

        long looked = assertTimeoutPreemptively(LIMIT, () -> {
            IgnoreFile file = IgnoreFile.parse("**\n" + patterns);
            long found = 0;
            for (int i = 0; i < 2 * count; i++) {
                found += file.mayIncludeBelow("a/dir" + i) ? 1 : 0;
                found += file.mayIncludeBelow("a/dir" + i + "/b/c/d") ? 1 : 0;
            }
            return found;
        });

        assertThat(looked).isGreaterThanOrEqualTo(count);
    }

    private static String lines(int count, IntFunction<String> line) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(line.apply(i));
        }
        return String.join("\n", lines) + "\n";
    }
}
