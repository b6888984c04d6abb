package dev.jbuild.cli.report;

import dev.jbuild.parser.lint.LintRule;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import org.jspecify.annotations.Nullable;

/// The words for what was found in a Dockerfile.
///
/// @param rule the rule that found it, null if none did
record FindingText(
        Source source, Diagnostic finding, @Nullable LintRule rule) {
    static FindingText of(Source source, Diagnostic finding) {
        return new FindingText(source, finding, LintRule.named(finding.rule()));
    }

    /// `Rule: message`.
    String headline() {
        return finding.rule().isEmpty() ? finding.message() : finding.rule() + ": " + finding.message();
    }

    int line() {
        return source.position(finding.span().start()).line();
    }

    /// The headline as BuildKit ends it, for places where the file is known.
    String withLine() {
        return headline() + " (line " + line() + ")";
    }

    /// The lines that are meant, and what to do.
    void appendExcerpt(boolean colour, StringBuilder text) {
        new Excerpt(source, finding.span(), colour).appendTo(text);
        if (finding.hint() != null) {
            text.append(Ink.CYAN.on("Hint:", colour)).append(' ');
            text.append(TerminalText.plain(finding.hint())).append('\n');
        }
    }
}
