package dev.jbuild.parser.lint;

import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.ArgDefinition;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rules about stages, their names, and the case in which keywords are written.
final class StageChecks {
    private static final Set<String> RESERVED = Set.of("scratch", "context");

    private StageChecks() {}

    static void check(Dockerfile file, Findings findings) {
        Set<String> names = new HashSet<>();
        for (Stage stage : file.stages()) {
            From from = stage.from();
            Word name = from.name();
            if (name != null) {
                name(from, name, names, findings);
                asCasing(file, from, name, findings);
            }
            platform(stage, findings);
            description(from, name == null ? List.of() : List.of(name.text()), findings);
        }
        instructionCasing(file, findings);
        for (Instruction instruction : Linter.instructions(file)) {
            if (instruction instanceof Arg arg) {
                List<String> keys = arg.definitions().stream()
                        .map(ArgDefinition::name)
                        .map(Word::text)
                        .toList();
                description(arg, keys, findings);
            }
        }
    }

    private static void name(From from, Word name, Set<String> names, Findings findings) {
        String lower = name.text().toLowerCase(Locale.ROOT);
        if (!name.text().equals(lower)) {
            findings.add(
                    LintRule.STAGE_NAME_CASING,
                    from,
                    name.span(),
                    "stage name '" + name.text() + "' should be lowercase",
                    "write " + lower);
        }
        if (RESERVED.contains(lower)) {
            findings.add(
                    LintRule.RESERVED_STAGE_NAME,
                    from,
                    name.span(),
                    "stage name \"" + lower + "\" is reserved",
                    "choose another name");
        }
        if (!names.add(lower)) {
            findings.add(
                    LintRule.DUPLICATE_STAGE_NAME,
                    from,
                    name.span(),
                    "duplicate stage name \"" + lower + "\", stage names should be unique",
                    "choose another name");
        }
    }

    private static void asCasing(Dockerfile file, From from, Word name, Findings findings) {
        String keyword = from.origin().keyword().text();
        boolean lower = keyword.equals(keyword.toLowerCase(Locale.ROOT));
        boolean upper = keyword.equals(keyword.toUpperCase(Locale.ROOT));
        String before = from.text().substring(0, from.text().lastIndexOf(name.text()));
        String as = before.strip();
        as = as.substring(as.length() - 2);
        String expected = lower ? "as" : "AS";
        if ((lower || upper) && !as.equals(expected)) {
            findings.add(
                    LintRule.FROM_AS_CASING,
                    from,
                    asSpan(file, from, name, as),
                    "'" + as + "' and '" + keyword + "' keywords' casing do not match",
                    "write " + expected);
        }
    }

    private static Span asSpan(Dockerfile file, From from, Word name, String as) {
        String text = file.source().text();
        int at = text.lastIndexOf(as, name.span().start() - 1);
        return at > from.image().span().end() ? new Span(at, at + as.length()) : from.span();
    }

    private static void platform(Stage stage, Findings findings) {
        Word platform = stage.from().platform();
        if (platform == null) {
            return;
        }
        String text = platform.text();
        if (text.equals("$TARGETPLATFORM") || text.equals("${TARGETPLATFORM}")) {
            findings.add(
                    LintRule.REDUNDANT_TARGET_PLATFORM,
                    stage.from(),
                    platform.span(),
                    "setting the platform to " + text + " is redundant, as that is the default",
                    "remove --platform");
        } else if (text.indexOf('$') < 0 && !namesPlatform(stage.name(), text)) {
            findings.add(
                    LintRule.FROM_PLATFORM_FLAG_CONST_DISALLOWED,
                    stage.from(),
                    platform.span(),
                    "FROM --platform should not be the constant \"" + text + "\"",
                    "use $BUILDPLATFORM or another argument, or name the stage after the platform");
        }
    }

    /// Whether a stage says by its name that it is for this platform only.
    private static boolean namesPlatform(@Nullable String name, String platform) {
        if (name == null) {
            return false;
        }
        for (String part : platform.toLowerCase(Locale.ROOT).split("/", -1)) {
            if (!part.isEmpty() && name.contains(part)) {
                return true;
            }
        }
        return false;
    }

    private static void instructionCasing(Dockerfile file, Findings findings) {
        int lower = 0;
        int upper = 0;
        for (Stage stage : file.stages()) {
            for (Instruction instruction : ofStage(stage)) {
                String keyword = instruction.origin().keyword().text();
                if (keyword.equals(keyword.toLowerCase(Locale.ROOT))) {
                    lower++;
                } else if (keyword.equals(keyword.toUpperCase(Locale.ROOT))) {
                    upper++;
                }
            }
        }
        boolean mostAreLower = lower > upper;
        for (Stage stage : file.stages()) {
            for (Instruction instruction : ofStage(stage)) {
                Word keyword = instruction.origin().keyword();
                String expected = mostAreLower
                        ? keyword.text().toLowerCase(Locale.ROOT)
                        : keyword.text().toUpperCase(Locale.ROOT);
                if (!keyword.text().equals(expected)) {
                    findings.add(
                            LintRule.CONSISTENT_INSTRUCTION_CASING,
                            instruction,
                            keyword.span(),
                            "'" + keyword.text() + "' should match the case of most instructions ("
                                    + (mostAreLower ? "lowercase" : "uppercase") + ")",
                            "write " + expected);
                }
            }
        }
    }

    private static List<Instruction> ofStage(Stage stage) {
        List<Instruction> all = new ArrayList<>();
        all.add(stage.from());
        all.addAll(stage.instructions());
        return all;
    }

    private static void description(Instruction instruction, List<String> names, Findings findings) {
        List<Word> comments = instruction.origin().comments().stream()
                .filter(comment -> LintConfig.checkValue(comment.text()) == null)
                .toList();
        if (comments.isEmpty() || names.isEmpty()) {
            return;
        }
        Word last = comments.getLast();
        String first = last.text().split(" ", 2)[0];
        if (!names.contains(first)) {
            String example = names.size() == 1 ? names.getFirst() : "<name>";
            findings.add(
                    LintRule.INVALID_DEFINITION_DESCRIPTION,
                    instruction,
                    last.span(),
                    "the comment before " + instruction.keyword() + " does not begin with the name it describes",
                    "write `# " + example + " <description>`, or end the comment with an empty comment line");
        }
    }
}
