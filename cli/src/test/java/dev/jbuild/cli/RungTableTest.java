package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EnumSource;

/// The table in `docs/isolation.md` of what RUN does on each rung: every cell is `yes` or a limit, and each row names
/// the test that runs on the rungs for which it says something. `-Djbuild.golden=write` writes it anew.
class RungTableTest {
    private static final String BEGIN = "<!-- The table is made by RungTableTest. -->\n\n";
    private static final String REFUSED = "refused";

    /// @param cells where it is not just `yes`
    private record Row(String what, Map<Rung, String> cells, Class<?> test, String method) {
        String cell(Rung rung) {
            return cells.getOrDefault(rung, "yes");
        }

        String line() {
            String cellsOfAll = Arrays.stream(Rung.values()).map(this::cell).collect(Collectors.joining(" | "));
            return "| " + what + " | " + cellsOfAll + " | `" + test.getSimpleName() + "#" + method + "` |\n";
        }
    }

    private static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (RunRow row : RunRows.ALL) {
            Map<Rung, String> cells = row.apart().keySet().stream().collect(Collectors.toMap(rung -> rung, row::words));
            rows.add(new Row(row.what(), cells, RungsIT.class, "everyRow"));
        }
        String own = "with a [group of its own](#limits)";
        rows.add(new Row(
                "`--resource`, `--cgroup-parent`; a word when memory runs out",
                Map.of(Rung.BARE, REFUSED, Rung.USER, own, Rung.ONE_USER, own),
                RungsIT.class,
                "resourcesOfAllProcessesTogether"));
        rows.add(new Row(
                "`--resource-usage`: what a step used",
                Map.of(Rung.BARE, REFUSED, Rung.USER, own, Rung.ONE_USER, own),
                RungsIT.class,
                "whatAStepUsedIsTold"));
        String one = "the process, not what it started";
        rows.add(new Row(
                "a build that is killed takes its processes with it",
                Map.of(Rung.CHROOT, one, Rung.BARE, one),
                RungsIT.class,
                "aKilledBuildLeavesNoProcess"));
        rows.add(new Row("the image has the same bytes", Map.of(), RungsIT.class, "anImageHasTheSameBytes"));
        rows.add(new Row(
                "known ways out are closed",
                Map.of(
                        Rung.CHROOT,
                        "[but two](#what-is-refused)",
                        Rung.BARE,
                        "[the container is the boundary](#what-is-refused)"),
                EscapesIT.class,
                "knownWaysOutAreClosed"));
        rows.add(new Row(
                "links of a root file system lead jbuild nowhere",
                Map.of(),
                EscapesIT.class,
                "linksInARootFileSystemLeadNowhere"));
        rows.add(new Row(
                "exit codes, and `jbuild shell --failed` where one is not 0",
                Map.of(),
                ShellIT.class,
                "isWhereTheStepFailed"));
        rows.add(new Row("a shell has the terminal", Map.of(), ShellIT.class, "hasTheTerminal"));
        return rows;
    }

    @Test
    void theDocumentSaysWhatTheTestsShow() throws IOException {
        StringBuilder table = new StringBuilder(BEGIN);
        table.append("| | ")
                .append(Arrays.stream(Rung.values()).map(Rung::words).collect(Collectors.joining(" | ")))
                .append(" | shown by |\n|")
                .append(" --- |".repeat(Rung.values().length + 2))
                .append('\n');
        rows().forEach(row -> table.append(row.line()));

        Path page = Path.of(System.getProperty("jbuild.testdata")).resolveSibling("docs/isolation.md");
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf("\n\n", begin + BEGIN.length()) + 1;
        String now = text.substring(0, begin) + table + text.substring(end);
        if ("write".equals(System.getProperty("jbuild.golden"))) {
            Files.writeString(page, now);
        }
        assertThat(page).content().isEqualTo(now);
    }

    @Test
    void everyRowHasATestOnEveryRung() {
        for (Row row : rows()) {
            Method test = Arrays.stream(row.test().getDeclaredMethods())
                    .filter(method -> method.getName().equals(row.method()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no such test: " + row.line()));
            assertThat(test.getParameterTypes()).as(row.line()).containsExactly(Rung.class);
            EnumSource source = test.getAnnotation(EnumSource.class);
            assertThat(source).as(row.line()).isNotNull();
            assertThat(source.names())
                    .as("rungs that are left out: %s", row.line())
                    .isEmpty();
        }
    }

    /// What is refused or different on a rung is different in what is expected of it, and has words for people.
    @Test
    void everyLimitHasWords() {
        Set<String> names = new TreeSet<>();
        for (RunRow row : RunRows.ALL) {
            assertThat(names.add(row.name())).as(row.name()).isTrue();
            row.apart().forEach((rung, difference) -> {
                assertThat(difference.words()).as(row.name()).isNotBlank().isNotEqualTo("yes");
                assertThat(difference.said()).as("%s on %s", row.name(), rung).isNotEqualTo(row.said());
            });
        }
    }
}
