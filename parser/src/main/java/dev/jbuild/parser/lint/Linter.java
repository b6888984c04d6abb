package dev.jbuild.parser.lint;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Applies the rules that need the Dockerfile only, and words the findings of the others.
public final class Linter {
    private Linter() {}

    /// Everything doubtful in the Dockerfile, what its reading found included, in the order of the text.
    public static List<Diagnostic> lint(Dockerfile file, LintConfig config) {
        List<Diagnostic> found = new ArrayList<>();
        lint(file, (instruction, finding) -> {
            LintRule rule = LintRule.named(finding.rule());
            if (rule == null || config.at(instruction).reports(rule)) {
                found.add(finding);
            }
        });
        found.sort(Comparator.comparingInt(finding -> finding.span().start()));
        return List.copyOf(found);
    }

    /// As [#lint(Dockerfile, LintConfig)], but everything goes to whoever decides what is reported.
    public static void lint(Dockerfile file, FindingSink sink) {
        Findings findings = new Findings(sink);
        NavigableMap<Integer, Instruction> byStart = new TreeMap<>();
        instructions(file).forEach(instruction -> byStart.put(instruction.span().start(), instruction));
        for (Diagnostic warning : file.warnings()) {
            Map.Entry<Integer, Instruction> before =
                    byStart.floorEntry(warning.span().start());
            findings.add(before == null ? null : before.getValue(), warning);
        }
        StageChecks.check(file, findings);
        FromArgumentChecks.check(file, findings);
        CommandChecks.check(file, findings);
        MetadataChecks.check(file, findings);
    }

    /// All instructions, the global ARGs first.
    static List<Instruction> instructions(Dockerfile file) {
        List<Instruction> all = new ArrayList<Instruction>(file.globalArgs());
        for (Stage stage : file.stages()) {
            all.add(stage.from());
            all.addAll(stage.instructions());
        }
        return all;
    }

    /// A variable without a value was used.
    ///
    /// @param known the names that would have had one
    public static Diagnostic undefinedVariable(String name, Collection<String> known, Span span) {
        String nearest = Suggestion.nearest(name, known);
        return LintRule.UNDEFINED_VAR.finding(
                "usage of undefined variable '$" + name + "'",
                span,
                nearest == null ? null : "did you mean $" + nearest + "?");
    }

    /// A source of `COPY` or `ADD` is not part of the context.
    public static Diagnostic copyIgnoredFile(String keyword, String path, Span span) {
        return LintRule.COPY_IGNORED_FILE.finding(
                keyword + " of \"" + path + "\", which .dockerignore excludes",
                span,
                "take it out of .dockerignore, or do not copy it");
    }

    /// A base image has another platform than the one asked for.
    public static Diagnostic invalidBaseImagePlatform(String image, String actual, String expected, Span span) {
        return LintRule.INVALID_BASE_IMAGE_PLATFORM.finding(
                "base image " + image + " is for platform " + actual + ", but " + expected + " is built",
                span,
                "choose an image that has " + expected);
    }
}
