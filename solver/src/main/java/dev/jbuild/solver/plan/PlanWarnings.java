package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.lint.LintConfig;
import dev.jbuild.parser.lint.LintRule;
import dev.jbuild.parser.lint.Linter;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What planning finds doubtful in a Dockerfile: each once, though several platforms and targets are planned.
final class PlanWarnings {
    private static final String CHECK_ARGUMENT = "BUILDKIT_DOCKERFILE_CHECK";

    private final Source source;
    private final LintConfig config;
    private final Set<Diagnostic> found = new LinkedHashSet<>();
    private final Set<String> violated = new LinkedHashSet<>();

    PlanWarnings(PlanRequest request) {
        this.source = request.dockerfile().source();
        this.config = config(request);
    }

    /// Which rules are reported: what the build argument says, else what the file says.
    private static LintConfig config(PlanRequest request) {
        String argument = request.buildArgs().get(CHECK_ARGUMENT);
        Word directive = request.dockerfile().directives().check();
        if (argument != null) {
            return parse(request, argument, new Span(0, 0), "the build argument " + CHECK_ARGUMENT);
        }
        return directive == null
                ? LintConfig.DEFAULT
                : parse(request, directive.text(), directive.span(), "the directive check");
    }

    private static LintConfig parse(PlanRequest request, String text, Span span, String place) {
        try {
            return LintConfig.parse(text);
        } catch (IllegalArgumentException e) {
            throw PlanErrors.at(
                    request.dockerfile().source(),
                    span,
                    place + ": " + e.getMessage(),
                    "for example skip=UndefinedVar;error=true");
        }
    }

    /// Takes a finding, unless the configuration leaves its rule out; one without a rule is always taken.
    ///
    /// @param instruction the one that it is about, null for the file as a whole
    void add(@Nullable Instruction instruction, Diagnostic finding) {
        LintRule rule = LintRule.named(finding.rule());
        LintConfig here = config.at(instruction);
        if (rule == null || here.reports(rule)) {
            found.add(finding);
            if (rule != null && here.error()) {
                violated.add(rule.ruleName());
            }
        }
    }

    /// Adds what the linter finds; of what single stages do, only where the stage is one of these.
    void addLint(Dockerfile file, Set<Integer> stages) {
        NavigableMap<Integer, Integer> starts = new TreeMap<>();
        for (int i = 0; i < file.stages().size(); i++) {
            starts.put(file.stages().get(i).from().span().start(), i);
        }
        Linter.lint(file, (instruction, finding) -> {
            LintRule rule = LintRule.named(finding.rule());
            Map.Entry<Integer, Integer> stage = starts.floorEntry(finding.span().start());
            if (rule == null || !rule.ofBuiltStages() || stage == null || stages.contains(stage.getValue())) {
                add(instruction, finding);
            }
        });
    }

    void addUndefined(Instruction instruction, StageState.Unknown unknown) {
        Span word = unknown.word();
        Matcher use = Pattern.compile("\\$\\{?" + Pattern.quote(unknown.name()) + "\\b")
                .matcher(source.text())
                .region(word.start(), word.end());
        Span exact = word;
        if (use.find()) {
            boolean braces = source.text().charAt(use.end() - unknown.name().length() - 1) == '{';
            boolean closed = braces && use.end() < word.end() && source.text().charAt(use.end()) == '}';
            exact = new Span(use.start(), closed ? use.end() + 1 : use.end());
        }
        add(instruction, Linter.undefinedVariable(unknown.name(), unknown.known(), exact));
    }

    /// Everything found, in the order of the text.
    List<Diagnostic> found() {
        if (found.isEmpty()) {
            return List.of();
        }
        List<Diagnostic> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(finding -> finding.span().start()));
        return List.copyOf(sorted);
    }

    /// The rules whose findings fail the build.
    Set<String> violated() {
        return violated;
    }
}
