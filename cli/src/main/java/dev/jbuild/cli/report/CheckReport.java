package dev.jbuild.cli.report;

import dev.jbuild.parser.lint.LintRule;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.plan.PlanCheck;

/// The answer of `--call=check`: text as buildx prints it, or JSON with the fields of BuildKit's lint results.
public final class CheckReport {
    private CheckReport() {}

    public static String text(PlanCheck check, Source source, boolean colour) {
        StringBuilder text = new StringBuilder();
        int count = check.warnings().size();
        if (count == 0) {
            return check.error() == null ? "Check complete, no warnings found.\n" : "";
        }
        text.append("Check complete, ")
                .append(count == 1 ? "1 warning has" : count + " warnings have")
                .append(" been found!\n");
        for (Diagnostic warning : check.warnings()) {
            FindingText finding = FindingText.of(source, warning);
            LintRule rule = finding.rule();
            text.append('\n').append(Ink.YELLOW.on("WARNING:", colour)).append(' ');
            if (rule != null) {
                text.append(rule.ruleName()).append(" - ").append(rule.page()).append('\n');
            }
            text.append(TerminalText.plain(warning.message())).append('\n');
            finding.appendExcerpt(colour, text);
        }
        return text.toString();
    }

    /// What could not be checked, and why.
    public static String unknownImages(PlanCheck check) {
        StringBuilder text = new StringBuilder();
        for (String image : check.unknownImages()) {
            text.append("UndefinedVar and InvalidBaseImagePlatform were not checked for want of a base image: ")
                    .append(TerminalText.plain(image))
                    .append('\n');
        }
        return text.toString();
    }

    public static String json(PlanCheck check, Source source) {
        return Json.pretty(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("warnings");
            for (Diagnostic warning : check.warnings()) {
                FindingJson.lintWarning(source, warning, out);
            }
            out.writeEndArray();
            out.writeArrayFieldStart("sources");
            FindingJson.sourceInfo(source, out);
            out.writeEndArray();
            DockerfileException error = check.error();
            if (error != null) {
                Diagnostic first = error.diagnostics().getFirst();
                out.writeObjectFieldStart("buildError");
                out.writeStringField("message", first.summary());
                FindingJson.location(source, first.span(), out);
                out.writeEndObject();
            }
            out.writeEndObject();
        });
    }
}
