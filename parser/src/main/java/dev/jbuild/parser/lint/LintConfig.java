package dev.jbuild.parser.lint;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Whitespace;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which rules are reported: the value of `# check=`, of a comment of that form before one instruction, or of the
/// build argument `BUILDKIT_DOCKERFILE_CHECK`.
///
/// @param skip rules that are not reported
/// @param experimental experimental rules that are
/// @param error whether findings fail the build
public record LintConfig(Set<LintRule> skip, Set<LintRule> experimental, boolean error) {
    public static final LintConfig DEFAULT = new LintConfig(Set.of(), Set.of(), false);

    public LintConfig {
        skip = Set.copyOf(skip);
        experimental = Set.copyOf(experimental);
    }

    /// Reads `skip=Rule,Rule;experimental=all;error=true`, each part optional. Names of rules that do not exist are
    /// ignored, since newer Dockerfiles may have more of them.
    ///
    /// @throws IllegalArgumentException if a part is not of this form, naming it
    public static LintConfig parse(String value) {
        Set<LintRule> skip = EnumSet.noneOf(LintRule.class);
        Set<LintRule> experimental = EnumSet.noneOf(LintRule.class);
        boolean error = false;
        for (String part : value.split(";", -1)) {
            String stripped = Whitespace.strip(part);
            if (stripped.isEmpty()) {
                continue;
            }
            int equals = stripped.indexOf('=');
            String key = equals < 0 ? stripped : Whitespace.strip(stripped.substring(0, equals));
            String argument = equals < 0 ? "" : Whitespace.strip(stripped.substring(equals + 1));
            switch (key) {
                case "skip" -> addRules(skip, argument);
                case "experimental" -> addRules(experimental, argument);
                case "error" -> {
                    if (!argument.equals("true") && !argument.equals("false")) {
                        throw new IllegalArgumentException("error is true or false, not \"" + argument + "\"");
                    }
                    error = argument.equals("true");
                }
                default ->
                    throw new IllegalArgumentException(
                            "unknown check option \"" + key + "\"; there are skip, experimental and error");
            }
        }
        return new LintConfig(skip, experimental, error);
    }

    private static void addRules(Set<LintRule> rules, String names) {
        for (String name : names.split(",", -1)) {
            String stripped = Whitespace.strip(name);
            LintRule rule = LintRule.named(stripped);
            if (stripped.equalsIgnoreCase("all")) {
                rules.addAll(EnumSet.allOf(LintRule.class));
            } else if (rule != null) {
                rules.add(rule);
            }
        }
    }

    /// The configuration at the top of a Dockerfile, or the default.
    ///
    /// @throws IllegalArgumentException as [#parse] does
    public static LintConfig of(Dockerfile file) {
        Word check = file.directives().check();
        return check == null ? DEFAULT : parse(check.text());
    }

    /// This configuration with what the comments before an instruction add to it. A comment that is not of the form
    /// is a comment like any other.
    public LintConfig at(@Nullable Instruction instruction) {
        LintConfig config = this;
        if (instruction != null) {
            for (Word comment : instruction.origin().comments()) {
                String value = checkValue(comment.text());
                if (value != null) {
                    config = config.with(value);
                }
            }
        }
        return config;
    }

    private LintConfig with(String value) {
        LintConfig more;
        try {
            more = parse(value);
        } catch (IllegalArgumentException e) {
            return this;
        }
        Set<LintRule> allSkip = EnumSet.noneOf(LintRule.class);
        allSkip.addAll(skip);
        allSkip.addAll(more.skip);
        Set<LintRule> allExperimental = EnumSet.noneOf(LintRule.class);
        allExperimental.addAll(experimental);
        allExperimental.addAll(more.experimental);
        return new LintConfig(allSkip, allExperimental, error || more.error);
    }

    /// What follows `check=` in a comment, or null.
    static @Nullable String checkValue(String comment) {
        if (!comment.regionMatches(true, 0, "check", 0, 5)) {
            return null;
        }
        int equals = Whitespace.skip(comment, 5, comment.length());
        return equals < comment.length() && comment.charAt(equals) == '='
                ? Whitespace.strip(comment.substring(equals + 1))
                : null;
    }

    /// Whether findings of the rule are reported.
    public boolean reports(LintRule rule) {
        return rule.experimental() ? experimental.contains(rule) : !skip.contains(rule);
    }
}
