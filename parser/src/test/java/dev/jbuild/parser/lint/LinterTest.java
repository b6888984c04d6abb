package dev.jbuild.parser.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.Golden;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinterTest {
    /// Rules that need a base image or a context.
    private static final Set<LintRule> FOUND_BY_BUILDS =
            Set.of(LintRule.UNDEFINED_VAR, LintRule.INVALID_BASE_IMAGE_PLATFORM, LintRule.COPY_IGNORED_FILE);

    static Stream<Arguments> cases() throws IOException {
        return Golden.cases("lint").stream()
                .map(path ->
                        Arguments.of(Objects.requireNonNull(path.getFileName()).toString(), path));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void findsWhatIsDoubtful(String name, Path folder) throws IOException {
        Dockerfile file = parse(Files.readString(folder.resolve("Dockerfile")));

        StringBuilder report = new StringBuilder();
        for (Diagnostic finding : Linter.lint(file, LintConfig.of(file))) {
            report.append(file.source().place(finding.span().start()))
                    .append(": ")
                    .append(finding.rule())
                    .append(": ")
                    .append(finding.summary())
                    .append("\n  ")
                    .append(file.source().text(finding.span()).replace("\n", "\n  "))
                    .append('\n');
        }

        Golden.check(folder.resolve("lint.txt"), report.toString());
    }

    @ParameterizedTest
    @EnumSource
    void everyRuleHasAPageWhoseExamplesAreTrue(LintRule rule) throws IOException {
        String page = Files.readString(Golden.docs().resolve("rules").resolve(rule.ruleName() + ".md"));

        assertThat(page).startsWith("# " + rule.ruleName() + "\n\n" + rule.description() + ".\n");
        Dockerfile bad = parse(example(page, "Bad"));
        Dockerfile good = parse(example(page, "Good"));
        assertThat(rulesFoundIn(good)).doesNotContain(rule.ruleName());
        if (!FOUND_BY_BUILDS.contains(rule)) {
            assertThat(rulesFoundIn(bad)).contains(rule.ruleName());
        }
    }

    @Test
    void everyPageIsThatOfARule() throws IOException {
        try (Stream<Path> pages = Files.list(Golden.docs().resolve("rules"))) {
            assertThat(pages.map(page -> page.getFileName().toString().replaceAll("\\.md$", "")))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of(LintRule.values()).map(LintRule::ruleName).toList());
        }
    }

    private static Dockerfile parse(String text) {
        return DockerfileParser.parse(new Source("Dockerfile", text));
    }

    private static List<String> rulesFoundIn(Dockerfile file) {
        return Linter.lint(file, LintConfig.of(file)).stream()
                .map(Diagnostic::rule)
                .toList();
    }

    private static String example(String page, String heading) {
        String marker = "\n## " + heading + "\n\n```dockerfile\n";
        int start = page.indexOf(marker) + marker.length();
        return page.substring(start, page.indexOf("```", start));
    }

    @Test
    void checkOptions() {
        assertThat(LintConfig.parse("")).isEqualTo(LintConfig.DEFAULT);
        assertThat(LintConfig.parse(" skip = UndefinedVar , nothing ; error=true;"))
                .isEqualTo(new LintConfig(Set.of(LintRule.UNDEFINED_VAR), Set.of(), true));
        assertThat(LintConfig.parse("skip=ALL;experimental=all").reports(LintRule.UNDEFINED_VAR))
                .isFalse();
        assertThat(LintConfig.DEFAULT.reports(LintRule.INVALID_DEFINITION_DESCRIPTION))
                .isFalse();
        assertThat(LintConfig.parse("experimental=InvalidDefinitionDescription")
                        .reports(LintRule.INVALID_DEFINITION_DESCRIPTION))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ship=all", "error", "error=yes", "all"})
    void badCheckOptions(String value) {
        assertThatThrownBy(() -> LintConfig.parse(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatBuildsFindIsWordedHere() {
        Span span = new Span(1, 2);

        assertThat(Linter.undefinedVariable("VERSOIN", List.of("HOME", "VERSION"), span)
                        .summary())
                .isEqualTo("usage of undefined variable '$VERSOIN' (did you mean $VERSION?)");
        assertThat(Linter.copyIgnoredFile("COPY", "a/b", span).rule()).isEqualTo("CopyIgnoredFile");
        assertThat(Linter.invalidBaseImagePlatform("a:1", "linux/arm64", "linux/amd64", span)
                        .message())
                .isEqualTo("base image a:1 is for platform linux/arm64, but linux/amd64 is built");
    }
}
