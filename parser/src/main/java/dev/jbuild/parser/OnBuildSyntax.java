package dev.jbuild.parser;

import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.OnBuild;

/// `ONBUILD`.
final class OnBuildSyntax {
    private OnBuildSyntax() {}

    static boolean isTrigger(String keyword) {
        return switch (keyword) {
            case "FROM", "MAINTAINER", "ONBUILD" -> false;
            default -> true;
        };
    }

    static OnBuild onBuild(Statement statement) throws SyntaxException {
        if (!statement.hasArguments()) {
            throw statement.atLeastOne();
        }
        statement.noFlags();
        Statement trigger = statement.trigger();
        if (trigger.name().equals("ONBUILD")) {
            throw new SyntaxException(
                    "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed",
                    trigger.keyword().span(),
                    "a trigger runs in the image built on this one, and no further");
        }
        if (!isTrigger(trigger.name())) {
            throw new SyntaxException(
                    trigger.name() + " isn't allowed as an ONBUILD trigger",
                    trigger.keyword().span(),
                    "any instruction but FROM, MAINTAINER and ONBUILD can be a trigger");
        }
        Instruction instruction = InstructionSyntax.parse(trigger);
        return new OnBuild(text(trigger), instruction, statement.origin());
    }

    private static String text(Statement trigger) {
        StringBuilder text = new StringBuilder(trigger.origin().text());
        for (Heredoc heredoc : trigger.heredocs()) {
            text.append('\n').append(heredoc.body()).append(heredoc.name());
        }
        return text.toString();
    }
}
