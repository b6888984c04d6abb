package dev.jbuild.cli.report;

import dev.jbuild.parser.lint.LintRule;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import java.util.ArrayList;
import java.util.List;

/// What a build warned of, told once more at its end, when it can be read.
final class WarningList {
    private static final int SHOWN = 10;

    private final List<String> messages = new ArrayList<>();
    private final List<FindingText> findings = new ArrayList<>();

    void add(String message) {
        messages.add(message);
    }

    void add(Source source, Diagnostic finding) {
        findings.add(FindingText.of(source, finding));
    }

    /// The list, with an empty line before it.
    ///
    /// @param debug whether to show every finding and all that is known of it
    String text(boolean debug, boolean colour) {
        int count = messages.size() + findings.size();
        StringBuilder text = new StringBuilder("\n ");
        String header = (count == 1 ? "1 warning found" : count + " warnings found")
                + (debug || findings.isEmpty() ? ":" : " (use --debug to expand, docs/rules/RULE.md explains):");
        text.append(Ink.YELLOW.on(header, colour)).append('\n');
        for (String message : messages) {
            text.append(" - ").append(TerminalText.plain(message)).append('\n');
        }
        int shown = 0;
        for (FindingText finding : findings) {
            if (!debug && shown++ == SHOWN) {
                text.append("   … and ").append(findings.size() - SHOWN).append(" more\n");
                break;
            }
            text.append(" - ")
                    .append(TerminalText.plain(finding.headline()))
                    .append(" (")
                    .append(TerminalText.plain(finding.source().name()))
                    .append(':')
                    .append(finding.line())
                    .append(")\n");
            if (debug) {
                LintRule rule = finding.rule();
                if (rule != null) {
                    text.append(rule.description())
                            .append(": ")
                            .append(rule.page())
                            .append('\n');
                }
                finding.appendExcerpt(colour, text);
                text.append('\n');
            }
        }
        return text.toString();
    }
}
