package dev.jbuild.parser.ignore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IgnoreFileTest {

    @ParameterizedTest(name = "{0} excludes {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                // plain paths, and what is below them
                "a | a | true",
                "a | a/b/c | true",
                "a | b/a | false",
                "a | ab | false",
                "a/b | a/b/c | true",
                "a/b | a | false",
                "/a | a/b | true",
                "./a/ | a | true",
                "a//b/../c | a/c | true",
                "../a | a | false",
                ". | a | false",
                "/ | a | false",
                "a b | a b | true",
                // wildcards stay within a name
                "* | a/b | true",
                "*.md | README.md | true",
                "*.md | docs/README.md | false",
                "docs/*.md | docs/README.md | true",
                "docs/* | docs/a/b | true",
                "docs/* | docs | false",
                "a?c | abc | true",
                "a?c | a/c | false",
                "*/temp* | some/temporary.txt | true",
                "*/*/temp* | some/temporary.txt | false",
                "[a-c]x | bx | true",
                "[a-c]x | dx | false",
                "[^a-c]x | dx | true",
                "a[\\]]b | a]b | true",
                "a\\*b | a*b | true",
                "a\\*b | axb | false",
                "a\\b | ab | true",
                "a.b | axb | false",
                "a(b)+{c}^$ | a(b)+{c}^$ | true",
                // ** is any number of directories
                "** | a | true",
                "** | a/b/c | true",
                "**/x | x | true",
                "**/x | a/b/x | true",
                "**/x | a/x/b | true",
                "**/x | ax | false",
                "**/*.go | a.go | true",
                "**/*.go | a/b/c.go | true",
                "**/*.go | a/b.go/c | true",
                "a/** | a/b/c | true",
                "a/** | a | false",
                "a/**/z | a/z | true",
                "a/**/z | a/b/c/z | true",
                "a/**/z | a/bz | false",
                "**/a/b | x/a/b | true",
                "**/a/** | x/a/y/z | true",
                "**/a/** | x/a | false",
                "**/a/* | a/y | true",
                "**x | a/bx | true",
                "**x* | a/bx | false",
                "a**/z | ab/z | true",
                "a**/z | a/b/z | true",
                "a** | ab/c | true",
                "**/**/*.txt | a/b/c.txt | true",
            })
    void onePattern(String pattern, String path, boolean excluded) {
        assertThat(IgnoreFile.parse(pattern).excludes(path)).isEqualTo(excluded);
        assertThat(IgnoreFile.parse("unrelated\n!other/x\n" + pattern).excludes(path))
                .isEqualTo(excluded);
    }

    @ParameterizedTest(name = "{0} excludes {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "*.md;!README.md | README.md | false",
                "*.md;!README.md | other.md | true",
                "*.md;!README*.md;README-secret.md | README-secret.md | true",
                "*.md;README-secret.md;!README*.md | README-secret.md | false",
                "docs;!docs/keep | docs/keep | false",
                "docs;!docs/keep | docs/keep/all/of/it | false",
                "docs;!docs/keep | docs/other | true",
                "docs;!docs/keep | docs | true",
                "*;!src;src/tmp | src/main | false",
                "*;!src;src/tmp | src/tmp/x | true",
                "**;!**/*.go | a/b/c.go | false",
                "**;!**/*.go | a/b/c.c | true",
                "!a;a | a | true",
                "a;! a | a | false",
                "a;!/a | a | false",
                "a/**;!a/b | a/b/c | false",
                "node_modules;!node_modules/x/** | node_modules/x/y | false",
            })
    void theLastPatternThatMatchesDecides(String patterns, String path, boolean excluded) {
        assertThat(IgnoreFile.parse(patterns.replace(';', '\n')).excludes(path)).isEqualTo(excluded);
    }

    @ParameterizedTest(name = "{0} below {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "docs | docs | false",
                "docs | src | true",
                "docs | docs/a | false",
                "docs;!docs/keep | docs | true",
                "docs;!docs/keep | docs/keep | true",
                "docs;!docs/keep | docs/other | false",
                "docs;!docs/*/keep | docs/other | true",
                "docs;!docs/*/keep | docs/other/x | false",
                "docs;!src/keep | docs | false",
                "!docs/keep;docs | docs | false",
                "**;!**/*.go | a/b | true",
                "*;!a/b/c | a | true",
                "*;!a/b/c | a/b | true",
                "*;!a/b/c | b | false",
                "*;!a | a | true",
                "*;!?/b/** | a/b | true",
                "*;!?/b/** | a/c | false",
            })
    void aWalkCanSkipWhatNothingIncludesAgain(String patterns, String directory, boolean mayInclude) {
        assertThat(IgnoreFile.parse(patterns.replace(';', '\n')).mayIncludeBelow(directory))
                .isEqualTo(mayInclude);
    }

    @Test
    void commentsBlanksAndLineEndings() {
        IgnoreFile file = IgnoreFile.parse("\uFEFFa\r\n# b\n\n  c  \n #d\n\t\n");

        assertThat(file.isEmpty()).isFalse();
        assertThat(List.of("a", "b", "c", "# b", "#d"))
                .filteredOn(file::excludes)
                .containsExactly("a", "c", "#d");
        assertThat(IgnoreFile.parse("# only a comment\n\n").isEmpty()).isTrue();
    }

    @Test
    void theRootIsNeverExcluded() {
        assertThat(IgnoreFile.parse("**").excludes("")).isFalse();
        assertThat(IgnoreFile.parse("**").mayIncludeBelow("")).isTrue();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "bom | \"bom\" in line 1 of some/.dockerignore",
                "docs/z | \"docs/**\" in line 4 of some/.dockerignore",
                "docs/keep/x/y | \"**/x\" in line 7 of some/.dockerignore",
                "docs/keep/y | ",
                "src | ",
                "last | \"last\" in line 8 of some/.dockerignore",
            })
    void theDecidingLineIsToldOf(String path, String reason) {
        String text = "\uFEFFbom\r\n#docs\r\n\r\n  docs/**  \r\n.\r\n!docs/keep\r\n**/x\r\nlast";
        assertThat(IgnoreFile.parse(new Source("some/.dockerignore", text)).reason(path))
                .isEqualTo(reason);
    }

    @Test
    void patternsOfFlagsStandInNoLine() {
        assertThat(IgnoreFile.ofPatterns(List.of("*")).reason("a")).isNull();
    }

    @Test
    void everyBadLineIsNamed() {
        DockerfileException error =
                catchThrowableOfType(DockerfileException.class, () -> IgnoreFile.parse("ok\n  [a-\n!\nx\\\n[]a]\n"));

        assertThat(error.getMessage()).isEqualTo(".dockerignore:2:3: bad pattern `[a-`: `[` is not closed");
        assertThat(error.diagnostics())
                .extracting(diagnostic -> diagnostic.message())
                .containsExactly(
                        "bad pattern `[a-`: `[` is not closed",
                        "illegal exclusion pattern: \"!\"",
                        "bad pattern `x\\`: a backslash ends the pattern",
                        "bad pattern `[]a]`: `]` has no meaning here in `[…]`; write a backslash before it");
        assertThat(error.diagnostics().get(1).span()).isEqualTo(new Span(9, 10));
    }

    @Test
    void excludeFlagsAreAFileWithoutRoots() {
        IgnoreFile flags = IgnoreFile.ofPatterns(List.of("*.md", " !keep.md", ""));

        assertThat(flags.excludes("a.md")).isTrue();
        assertThat(flags.excludes("keep.md")).isFalse();
        assertThatThrownBy(() -> IgnoreFile.ofPatterns(List.of("[")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bad pattern `[`: `[` is not closed");
    }

    @Test
    void aHundredThousandPlainPatternsAndPaths() {
        StringBuilder text = new StringBuilder();
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            text.append(
                    switch (i % 4) {
                        case 0 -> "dir" + i + "/**\n";
                        case 1 -> "**/name" + i + "\n";
                        case 2 -> "!dir" + (i - 2) + "/keep\n";
                        default -> "a/b/file" + i + "\n";
                    });
            paths.add("dir" + i + "/a/b/c/keep/name" + i);
        }

        long excluded = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            IgnoreFile file = IgnoreFile.parse(text.toString());
            return paths.stream().filter(file::excludes).count();
        });

        assertThat(excluded).isEqualTo(50_000);
    }

    @Test
    void aPatternThatBacktracksElsewhere() {
        String pattern = "**/" + "a*".repeat(500) + "b";
        String path = "a".repeat(20_000);

        boolean excluded = assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> IgnoreFile.parse(pattern).excludes(path));

        assertThat(excluded).isFalse();
    }
}
