package dev.jbuild.parser;

import dev.jbuild.parser.ast.Command;
import dev.jbuild.parser.ast.ExecForm;
import dev.jbuild.parser.ast.MountFlag;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `RUN`.
final class RunSyntax {
    private static final List<String> NETWORKS = List.of("default", "none", "host");
    private static final List<String> SECURITY_MODES = List.of("sandbox", "insecure");

    private RunSyntax() {}

    static Run run(Statement statement) throws SyntaxException {
        Flags flags = statement.flags();
        List<MountFlag> mounts = new ArrayList<>();
        for (MappedText mount : flags.texts("mount")) {
            mounts.add(MountSyntax.mount(mount));
        }
        Word network = oneOf("network mode", flags.value("network"), NETWORKS);
        Word security = oneOf("security mode", flags.value("security"), SECURITY_MODES);
        Command command = CommandSyntax.command(statement);
        if (command instanceof ExecForm exec && exec.arguments().isEmpty()) {
            throw new SyntaxException("RUN [] has nothing to run", exec.span(), "name a program: RUN [\"program\"]");
        }
        return new Run(command, mounts, network, security, statement.origin());
    }

    private static @Nullable Word oneOf(String what, @Nullable Word value, List<String> allowed)
            throws SyntaxException {
        if (value == null || allowed.contains(value.text())) {
            return value;
        }
        String hint = Suggestion.didYouMean(value.text(), allowed);
        throw new SyntaxException(
                "invalid " + what + " " + Quoted.of(value.text()),
                value.span(),
                hint == null ? "it can be " + String.join(", ", allowed) : hint);
    }
}
