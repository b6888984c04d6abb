package dev.jbuild.parser;

import dev.jbuild.parser.ast.Cmd;
import dev.jbuild.parser.ast.Command;
import dev.jbuild.parser.ast.Entrypoint;
import dev.jbuild.parser.ast.ExecForm;
import dev.jbuild.parser.ast.Shell;
import dev.jbuild.parser.ast.ShellForm;
import java.util.ArrayList;
import java.util.List;

/// `CMD`, `ENTRYPOINT` and `SHELL`, and the two forms of a command.
final class CommandSyntax {
    private CommandSyntax() {}

    static Cmd cmd(Statement statement) throws SyntaxException {
        statement.noFlags();
        return new Cmd(command(statement), statement.origin());
    }

    static Entrypoint entrypoint(Statement statement) throws SyntaxException {
        statement.noFlags();
        return new Entrypoint(command(statement), statement.origin());
    }

    static Shell shell(Statement statement) throws SyntaxException {
        statement.noFlags();
        List<JsonArray.Item> strings = statement.strings();
        if (!statement.hasArguments() || (strings != null && strings.isEmpty())) {
            throw statement.atLeastOne();
        }
        if (strings == null) {
            throw new SyntaxException(
                    "SHELL requires the arguments to be in JSON form",
                    statement.argumentsSpan(),
                    "for example SHELL [\"/bin/bash\", \"-c\"]");
        }
        return new Shell(texts(strings), statement.origin());
    }

    /// The arguments as a command: an array of strings, or whatever else there is, for the shell.
    static Command command(Statement statement) throws SyntaxException {
        List<JsonArray.Item> strings = statement.strings();
        if (strings != null) {
            return new ExecForm(texts(strings), statement.argumentsSpan());
        }
        return new ShellForm(
                statement.hasArguments() ? statement.argument().text() : "",
                statement.heredocs(),
                statement.argumentsSpan());
    }

    private static List<String> texts(List<JsonArray.Item> items) {
        List<String> texts = new ArrayList<>();
        for (JsonArray.Item item : items) {
            texts.add(item.text());
        }
        return texts;
    }
}
