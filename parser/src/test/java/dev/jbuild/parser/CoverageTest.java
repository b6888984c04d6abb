package dev.jbuild.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.Cmd;
import dev.jbuild.parser.ast.Command;
import dev.jbuild.parser.ast.Copy;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Entrypoint;
import dev.jbuild.parser.ast.Env;
import dev.jbuild.parser.ast.ExecForm;
import dev.jbuild.parser.ast.From;
import dev.jbuild.parser.ast.Healthcheck;
import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.KeyValue;
import dev.jbuild.parser.ast.Label;
import dev.jbuild.parser.ast.MountOption;
import dev.jbuild.parser.ast.OnBuild;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.ShellForm;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Volume;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Position;
import dev.jbuild.parser.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Every cell of instruction × flag and instruction × form has a golden case, and every flag one where it is wrong.
/// The flags come from the parser's own table, so that a new one without a case fails here.
class CoverageTest {
    private static final List<String> FORMS = List.of(
            "RUN shell",
            "RUN exec",
            "RUN heredoc",
            "RUN shell+heredoc",
            "CMD shell",
            "CMD exec",
            "ENTRYPOINT shell",
            "ENTRYPOINT exec",
            "HEALTHCHECK none",
            "HEALTHCHECK shell",
            "HEALTHCHECK exec",
            "SHELL",
            "COPY words",
            "COPY json",
            "COPY heredoc",
            "ADD words",
            "ADD json",
            "ADD heredoc",
            "VOLUME words",
            "VOLUME json",
            "ENV pairs",
            "ENV legacy",
            "LABEL pairs",
            "LABEL legacy",
            "ARG name",
            "ARG default",
            "ARG global",
            "FROM image",
            "FROM named",
            "EXPOSE",
            "USER",
            "WORKDIR",
            "STOPSIGNAL",
            "MAINTAINER");

    private static final List<String> MOUNTS = List.of(
            "type=bind",
            "type=cache",
            "type=tmpfs",
            "type=secret",
            "type=ssh",
            "from=",
            "source=",
            "src=",
            "target=",
            "dst=",
            "destination=",
            "readonly",
            "ro",
            "readwrite",
            "rw",
            "id=",
            "sharing=",
            "required",
            "size=",
            "mode=",
            "uid=",
            "gid=",
            "env=");

    /// Cells without a case, each with the reason. One that has a case after all fails too.
    private static final Map<String, String> WAIVED = Map.of(
            "bad HEALTHCHECK --start-interval", "read by the same code as --start-period",
            "bad COPY --exclude", "any text is a value here; it may be a variable",
            "bad ADD --exclude", "as for COPY",
            "bad ADD --chown", "read by the same code as COPY --chown",
            "bad ADD --chmod", "read by the same code as COPY --chmod",
            "bad ADD --link", "read by the same code as COPY --link");

    @Test
    void everyCellHasACase() throws IOException {
        Set<String> wanted = new TreeSet<>(FORMS);
        MOUNTS.forEach(option -> wanted.add("RUN --mount " + option));
        for (String keyword : Keywords.ALL) {
            Keywords.flags(keyword).forEach((flag, kind) -> {
                wanted.add(keyword + " --" + flag);
                wanted.add("bad " + keyword + " --" + flag);
                if (kind == Flags.Kind.VALUES) {
                    wanted.add(keyword + " --" + flag + " twice");
                }
            });
            if (OnBuildSyntax.isTrigger(keyword)) {
                wanted.add("ONBUILD " + keyword);
            }
        }

        Set<String> found = cells();

        assertThat(wanted)
                .filteredOn(cell -> !found.contains(cell))
                .containsExactlyInAnyOrderElementsOf(WAIVED.keySet());
    }

    private static Set<String> cells() throws IOException {
        Set<String> cells = new TreeSet<>();
        for (Path folder : Golden.cases("ok")) {
            Dockerfile file =
                    DockerfileParser.parse(new Source("Dockerfile", Files.readString(folder.resolve("Dockerfile"))));
            file.globalArgs().forEach(_ -> cells.add("ARG global"));
            for (Stage stage : file.stages()) {
                instruction(stage.from(), cells);
                stage.instructions().forEach(instruction -> instruction(instruction, cells));
            }
        }
        for (Path folder : Golden.cases("bad")) {
            wrongFlags(new Source("Dockerfile", Files.readString(folder.resolve("Dockerfile"))), cells);
        }
        return cells;
    }

    /// The flags that findings point at.
    private static void wrongFlags(Source source, Set<String> cells) {
        DockerfileException error =
                catchThrowableOfType(DockerfileException.class, () -> DockerfileParser.parse(source));
        for (Diagnostic diagnostic : error.diagnostics()) {
            Position position = source.position(diagnostic.span().start());
            String line = source.line(position.line());
            String keyword = line.split("\\s", 2)[0].toUpperCase(Locale.ROOT);
            for (String flag : Keywords.flags(keyword).keySet()) {
                Pattern.compile("--" + flag + "(=\\S*|(?=\\s|$))")
                        .matcher(line)
                        .results()
                        .filter(found -> found.start() < position.column() && position.column() <= found.end() + 1)
                        .forEach(_ -> cells.add("bad " + keyword + " --" + flag));
            }
        }
    }

    /// `KEYWORD --flag` for each flag in the text, and once more with `twice` if it is there so often.
    private static List<String> flags(String text) {
        List<String> flags = new ArrayList<>();
        String keyword = text.split("\\s", 2)[0].toUpperCase(Locale.ROOT);
        for (String flag : Keywords.flags(keyword).keySet()) {
            long count = Pattern.compile("\\s--" + flag + "(?=[=\\s]|$)")
                    .matcher(text)
                    .results()
                    .count();
            if (count > 0) {
                flags.add(keyword + " --" + flag);
            }
            if (count > 1) {
                flags.add(keyword + " --" + flag + " twice");
            }
        }
        return flags;
    }

    private static void instruction(Instruction instruction, Set<String> cells) {
        cells.addAll(flags(instruction.text()));
        String keyword = instruction.keyword();
        switch (instruction) {
            case Run run -> {
                command(run, run.command(), cells);
                run.mounts().forEach(mount -> mount.options().forEach(option -> mount(option, cells)));
            }
            case Cmd cmd -> command(cmd, cmd.command(), cells);
            case Entrypoint entrypoint -> command(entrypoint, entrypoint.command(), cells);
            case Healthcheck check -> {
                Command test = check.test();
                if (test == null) {
                    cells.add("HEALTHCHECK none");
                } else {
                    command(check, test, cells);
                }
            }
            case Copy copy -> sources(copy, copy.sources(), copy.heredocs(), cells);
            case Add add -> sources(add, add.sources(), add.heredocs(), cells);
            case Volume volume -> cells.add("VOLUME " + (volume.text().contains("[") ? "json" : "words"));
            case Env env -> pairs(env, env.variables(), cells);
            case Label label -> pairs(label, label.labels(), cells);
            case Arg arg ->
                arg.definitions()
                        .forEach(definition -> cells.add("ARG " + (definition.value() == null ? "name" : "default")));
            case From from -> cells.add("FROM " + (from.name() == null ? "image" : "named"));
            case OnBuild onBuild -> {
                cells.add("ONBUILD " + onBuild.instruction().keyword());
                instruction(onBuild.instruction(), cells);
            }
            default -> cells.add(keyword);
        }
    }

    private static void command(Instruction instruction, Command command, Set<String> cells) {
        String form = switch (command) {
            case ExecForm _ -> "exec";
            case ShellForm shell when shell.isHeredocOnly() -> "heredoc";
            case ShellForm shell -> shell.heredocs().isEmpty() ? "shell" : "shell+heredoc";
        };
        cells.add(instruction.keyword() + " " + form);
    }

    private static void sources(
            Instruction instruction, List<Word> sources, List<Heredoc> heredocs, Set<String> cells) {
        String keyword = instruction.keyword();
        if (!heredocs.isEmpty()) {
            cells.add(keyword + " heredoc");
        }
        if (!sources.isEmpty()) {
            cells.add(keyword + (instruction.text().contains("[\"") ? " json" : " words"));
        }
    }

    private static void pairs(Instruction instruction, List<KeyValue> pairs, Set<String> cells) {
        boolean equals = instruction.text().contains(pairs.getFirst().key().text() + "=");
        cells.add(instruction.keyword() + (equals ? " pairs" : " legacy"));
    }

    private static void mount(MountOption option, Set<String> cells) {
        String key = option.key().text().toLowerCase(Locale.ROOT);
        Word value = option.value();
        if (key.equals("type") && value != null) {
            cells.add("RUN --mount type=" + value.text().toLowerCase(Locale.ROOT));
        }
        cells.add("RUN --mount " + key);
        cells.add("RUN --mount " + key + "=");
    }
}
