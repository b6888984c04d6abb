package dev.jbuild.parser.lint;

import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.Cmd;
import dev.jbuild.parser.ast.Command;
import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Entrypoint;
import dev.jbuild.parser.ast.Env;
import dev.jbuild.parser.ast.Expose;
import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Healthcheck;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Label;
import dev.jbuild.parser.ast.Maintainer;
import dev.jbuild.parser.ast.OnBuild;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Shell;
import dev.jbuild.parser.ast.ShellForm;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.StopSignal;
import dev.jbuild.parser.ast.User;
import dev.jbuild.parser.ast.Volume;
import dev.jbuild.parser.ast.Workdir;
import java.util.HashMap;
import java.util.Map;

/// Rules about what an earlier instruction of a stage, or of the stage below it, decides: shells, working directories,
/// and commands that a later one replaces.
final class CommandChecks {
    private final Findings findings;

    private CommandChecks(Findings findings) {
        this.findings = findings;
    }

    /// What a stage hands on to those that are built on it.
    private record Inherited(boolean shell, boolean workdir) {}

    static void check(Dockerfile file, Findings findings) {
        CommandChecks checks = new CommandChecks(findings);
        Map<String, Inherited> stages = new HashMap<>();
        Inherited nothing = new Inherited(false, false);
        for (Stage stage : file.stages()) {
            Inherited base = stages.getOrDefault(stage.from().image().text(), nothing);
            Inherited end = checks.stage(stage, base);
            String name = stage.name();
            if (name != null) {
                stages.put(name, end);
            }
        }
    }

    private Inherited stage(Stage stage, Inherited base) {
        boolean shell = base.shell;
        boolean workdir = base.workdir;
        Map<String, Instruction> last = new HashMap<>();
        for (Instruction instruction : stage.instructions()) {
            switch (instruction) {
                case Shell _ -> shell = true;
                case Cmd cmd -> command(cmd, cmd.command(), shell);
                case Entrypoint entrypoint -> command(entrypoint, entrypoint.command(), shell);
                case Workdir path -> {
                    if (!workdir) {
                        workdir(path);
                    }
                    workdir = true;
                }
                case Add _,
                        Arg _,
                        Copy _,
                        Env _,
                        Expose _,
                        From _,
                        Healthcheck _,
                        Label _,
                        Maintainer _,
                        OnBuild _,
                        Run _,
                        StopSignal _,
                        User _,
                        Volume _ -> {}
            }
            if (instruction instanceof Cmd || instruction instanceof Entrypoint || instruction instanceof Healthcheck) {
                Instruction earlier = last.put(instruction.keyword(), instruction);
                if (earlier != null) {
                    replaced(earlier);
                }
            }
        }
        return new Inherited(shell, workdir);
    }

    private void command(Instruction instruction, Command command, boolean shell) {
        if (command instanceof ShellForm && !shell) {
            findings.add(
                    LintRule.JSON_ARGS_RECOMMENDED,
                    instruction,
                    command.span(),
                    "JSON arguments are recommended for " + instruction.keyword()
                            + ": a shell does not pass signals on",
                    "write " + instruction.keyword() + " [\"program\", \"argument\"]");
        }
    }

    private void workdir(Workdir workdir) {
        char first = workdir.path().text().charAt(0);
        if (first != '/' && first != '$' && first != '"' && first != '\'') {
            findings.add(
                    LintRule.WORKDIR_RELATIVE_PATH,
                    workdir,
                    workdir.path().span(),
                    "relative workdir \"" + workdir.path().text() + "\" depends on the base image",
                    "write an absolute path");
        }
    }

    private void replaced(Instruction earlier) {
        findings.add(
                LintRule.MULTIPLE_INSTRUCTIONS_DISALLOWED,
                earlier,
                earlier.origin().keyword().span(),
                "this " + earlier.keyword() + " has no effect: only the last one in a stage has",
                "remove it");
    }
}
