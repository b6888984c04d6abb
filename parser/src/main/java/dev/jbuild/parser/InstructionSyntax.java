package dev.jbuild.parser;

import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Suggestion;
import org.jspecify.annotations.Nullable;

/// From a statement to the instruction that it is.
final class InstructionSyntax {
    private InstructionSyntax() {}

    static Instruction parse(Statement statement) throws SyntaxException {
        noteNearlyJson(statement);
        return switch (statement.name()) {
            case "ADD" -> CopySyntax.add(statement);
            case "ARG" -> VariableSyntax.arg(statement);
            case "CMD" -> CommandSyntax.cmd(statement);
            case "COPY" -> CopySyntax.copy(statement);
            case "ENTRYPOINT" -> CommandSyntax.entrypoint(statement);
            case "ENV" -> VariableSyntax.env(statement);
            case "EXPOSE" -> MetadataSyntax.expose(statement);
            case "FROM" -> FromSyntax.from(statement);
            case "HEALTHCHECK" -> HealthcheckSyntax.healthcheck(statement);
            case "LABEL" -> VariableSyntax.label(statement);
            case "MAINTAINER" -> MetadataSyntax.maintainer(statement);
            case "ONBUILD" -> OnBuildSyntax.onBuild(statement);
            case "RUN" -> RunSyntax.run(statement);
            case "SHELL" -> CommandSyntax.shell(statement);
            case "STOPSIGNAL" -> MetadataSyntax.stopSignal(statement);
            case "USER" -> MetadataSyntax.user(statement);
            case "VOLUME" -> MetadataSyntax.volume(statement);
            case "WORKDIR" -> MetadataSyntax.workdir(statement);
            default -> throw unknown(statement);
        };
    }

    /// What was meant as a JSON array and is none runs in a shell, or names files with brackets in their names.
    private static void noteNearlyJson(Statement statement) {
        boolean takesJson = switch (statement.name()) {
            case "ADD", "CMD", "COPY", "ENTRYPOINT", "RUN", "VOLUME" -> true;
            default -> false;
        };
        if (!takesJson || statement.json() != null || !statement.hasArguments()) {
            return;
        }
        String arguments = statement.argument().text();
        if (arguments.startsWith("[") && arguments.endsWith("]") && arguments.indexOf(',') > 0) {
            statement
                    .warnings()
                    .add(Diagnostic.warning(
                            "",
                            "this looks like a JSON array, but is none, and so is taken literally",
                            statement.argumentsSpan(),
                            "put each element between double quotes, with commas between them"));
        }
    }

    private static SyntaxException unknown(Statement statement) {
        String keyword = statement.keyword().text();
        if (keyword.isEmpty()) {
            return new SyntaxException(
                    "a continued line without an instruction",
                    statement.keyword().span(),
                    "remove the escape character");
        }
        return new SyntaxException(
                "unknown instruction: " + Quoted.of(keyword),
                statement.keyword().span(),
                hint(keyword));
    }

    private static @Nullable String hint(String keyword) {
        String suggestion = Suggestion.didYouMean(keyword, Keywords.ALL);
        if (suggestion != null) {
            return suggestion;
        }
        if (keyword.startsWith("//") || keyword.startsWith("--") || keyword.startsWith("/*")) {
            return "comments begin with `#`";
        }
        if (keyword.startsWith("&&") || keyword.startsWith("||") || keyword.startsWith("|")) {
            return "to continue an instruction, end the line before with the escape character";
        }
        if (keyword.startsWith("<<<<<<<") || keyword.startsWith("=======") || keyword.startsWith(">>>>>>>")) {
            return "this is the mark of an unresolved merge";
        }
        return "if it belongs to the instruction before, end that line with the escape character";
    }
}
