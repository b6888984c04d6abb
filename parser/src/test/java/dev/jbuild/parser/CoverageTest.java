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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Every cell of instruction × flag and instruction × form has a golden case, and every flag one where it is wrong;
/// `docs/dockerfile.md` has a row for each, which names cases of what is built of it. The flags come from the parser's
/// own table, so that a new one without a case or a row fails here.
class CoverageTest {
    private static final List<String> FORMS = List.of(
            "RUN shell",
            "RUN exec",
            "RUN heredoc",
            "RUN heredoc script",
            "RUN shell+heredoc",
            "CMD shell",
            "CMD exec",
            "CMD empty",
            "ENTRYPOINT shell",
            "ENTRYPOINT exec",
            "ENTRYPOINT empty",
            "HEALTHCHECK none",
            "HEALTHCHECK shell",
            "HEALTHCHECK exec",
            "SHELL",
            "COPY words",
            "COPY json",
            "COPY heredoc",
            "COPY --from stage",
            "COPY --from number",
            "COPY --from image",
            "ADD words",
            "ADD json",
            "ADD heredoc",
            "ADD url",
            "ADD git",
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
            "FROM stage",
            "FROM scratch",
            "FROM named",
            "EXPOSE",
            "USER",
            "WORKDIR",
            "STOPSIGNAL",
            "MAINTAINER",
            "# syntax=",
            "# escape=",
            "# check=");

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

    /// Cells of which nothing is built, each with the reason.
    private static final Map<String, String> NOT_PLANNED = Map.of(
            "# check=", "for the rules, see LinterTest",
            "# syntax=", "no part of what is built, see FrontendTest",
            "RUN --mount type=secret", "refused where secrets cannot be passed",
            "RUN --mount type=ssh", "refused where agents cannot be passed",
            "RUN --mount required", "only for secrets and agents",
            "RUN --mount env=", "only for secrets");

    private static Set<String> wanted() {
        Set<String> wanted = new TreeSet<>(FORMS);
        MOUNTS.forEach(option -> wanted.add("RUN --mount " + option));
        for (String keyword : Keywords.ALL) {
            Keywords.flags(keyword).forEach((flag, kind) -> {
                wanted.add(keyword + " --" + flag);
                if (kind == Flags.Kind.VALUES) {
                    wanted.add(keyword + " --" + flag + " twice");
                }
            });
            if (OnBuildSyntax.isTrigger(keyword)) {
                wanted.add("ONBUILD " + keyword);
            }
        }
        return wanted;
    }

    @Test
    void everyCellHasACase() throws IOException {
        Set<String> wanted = wanted();
        for (String keyword : Keywords.ALL) {
            Keywords.flags(keyword).keySet().forEach(flag -> wanted.add("bad " + keyword + " --" + flag));
        }

        Set<String> found = new TreeSet<>();
        for (Path folder : Golden.cases("ok")) {
            found.addAll(cells(folder));
        }
        for (Path folder : Golden.cases("bad")) {
            wrongFlags(new Source("Dockerfile", Files.readString(folder.resolve("Dockerfile"))), found);
        }

        assertThat(wanted).allMatch(found::contains, "has a case");
    }

    /// Rows of the documentation: `| cell | what it does | seen in |`. With `-Djbuild.golden=write` a row that names
    /// no case gets the first few that there are.
    @Test
    void everyCellIsDocumented() throws IOException {
        Map<String, Set<String>> cases = new TreeMap<>();
        for (Path folder : Golden.cases("ok")) {
            cases.put("ok/" + folder.getFileName(), cells(folder));
        }
        for (Path folder : Golden.cases("../plans")) {
            if (Files.exists(folder.resolve("plan.txt"))) {
                cases.put("plans/" + folder.getFileName(), cells(folder));
            }
        }
        Path page = Golden.docs().resolve("dockerfile.md");
        Set<String> documented = new TreeSet<>();
        Set<String> unplanned = new TreeSet<>();
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(page)) {
            Matcher row = Pattern.compile("\\| `([^`]+)` \\|(.*)\\|([^|]*)\\|").matcher(line);
            if (!row.matches() || !wanted().contains(row.group(1))) {
                lines.add(line);
                continue;
            }
            String cell = row.group(1);
            assertThat(documented.add(cell)).as("one row for %s", cell).isTrue();
            List<String> named = Pattern.compile("`([^`]+)`")
                    .matcher(row.group(3))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
            if (named.isEmpty()) {
                named = seen(cell, cases);
            }
            lines.add("| `" + cell + "` |" + row.group(2) + "| "
                    + named.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")) + " |");
            assertThat(named)
                    .as("cases of %s", cell)
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(cases.getOrDefault(name, Set.of()))
                            .as(name)
                            .contains(cell));
            if (named.stream().noneMatch(name -> name.startsWith("plans/"))) {
                unplanned.add(cell);
            }
        }
        assertThat(unplanned).as("cells without a plan").isEqualTo(new TreeSet<>(NOT_PLANNED.keySet()));
        assertThat(documented).isEqualTo(wanted());
        String text = String.join("\n", lines) + "\n";
        if ("write".equals(System.getProperty("jbuild.golden"))) {
            Files.writeString(page, text);
        }
        assertThat(page).content().isEqualTo(text);
    }

    /// Up to two plans and a case of the parser in which the cell occurs: those with the least else in them.
    private static List<String> seen(String cell, Map<String, Set<String>> cases) {
        List<String> found = cases.entrySet().stream()
                .filter(each -> each.getValue().contains(cell))
                .sorted(Comparator.comparingInt(each -> each.getValue().size()))
                .map(Map.Entry::getKey)
                .toList();
        List<String> seen = new ArrayList<>();
        found.stream().filter(name -> name.startsWith("plans/")).limit(2).forEach(seen::add);
        found.stream().filter(name -> name.startsWith("ok/")).limit(1).forEach(seen::add);
        return seen;
    }

    private static Set<String> cells(Path folder) throws IOException {
        Set<String> cells = new TreeSet<>();
        Dockerfile file =
                DockerfileParser.parse(new Source("Dockerfile", Files.readString(folder.resolve("Dockerfile"))));
        if (file.directives().syntax() != null) {
            cells.add("# syntax=");
        }
        if (file.directives().check() != null) {
            cells.add("# check=");
        }
        if (file.directives().escape() != '\\') {
            cells.add("# escape=");
        }
        file.globalArgs().forEach(_ -> cells.add("ARG global"));
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Stage stage : file.stages()) {
            String base = stage.from().image().text();
            cells.add("FROM " + (base.equals("scratch") ? base : names.contains(base) ? "stage" : "image"));
            instruction(stage.from(), names, cells);
            stage.instructions().forEach(instruction -> instruction(instruction, names, cells));
            Word name = stage.from().name();
            if (name != null) {
                names.add(name.text());
            }
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

    private static void instruction(Instruction instruction, Set<String> stages, Set<String> cells) {
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
            case Copy copy -> {
                sources(copy, copy.sources(), copy.heredocs(), cells);
                Word from = copy.from();
                if (from != null) {
                    boolean number = from.text().chars().allMatch(Character::isDigit);
                    boolean stage = stages.contains(from.text());
                    cells.add("COPY --from " + (number ? "number" : stage ? "stage" : "image"));
                }
            }
            case Add add -> {
                sources(add, add.sources(), add.heredocs(), cells);
                for (Word source : add.sources()) {
                    if (source.text().matches("git@.*|https?://.*\\.git([#?].*)?")) {
                        cells.add("ADD git");
                    } else if (source.text().matches("https?://.*")) {
                        cells.add("ADD url");
                    }
                }
            }
            case Volume volume -> cells.add("VOLUME " + (volume.text().contains("[") ? "json" : "words"));
            case Env env -> pairs(env, env.variables(), cells);
            case Label label -> pairs(label, label.labels(), cells);
            case Arg arg ->
                arg.definitions()
                        .forEach(definition -> cells.add("ARG " + (definition.value() == null ? "name" : "default")));
            case From from -> {
                if (from.name() != null) {
                    cells.add("FROM named");
                }
            }
            case OnBuild onBuild -> {
                cells.add("ONBUILD " + onBuild.instruction().keyword());
                instruction(onBuild.instruction(), stages, cells);
            }
            default -> cells.add(keyword);
        }
    }

    private static void command(Instruction instruction, Command command, Set<String> cells) {
        String form = switch (command) {
            case ExecForm exec when exec.arguments().isEmpty() -> "empty";
            case ExecForm _ -> "exec";
            case ShellForm shell
            when shell.isHeredocOnly() && shell.heredocs().getFirst().content().startsWith("#!") -> "heredoc script";
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
