package dev.jbuild.parser.fuzz;

import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.MountRules;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.MountFlag;
import dev.jbuild.parser.ast.MountOption;
import dev.jbuild.parser.ast.Run;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.word.WordException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The value of `RUN --mount=`: a record of comma-separated values with rules on what goes together.
public final class MountFuzz {
    private static final CpuBudget BUDGET = new CpuBudget(500);

    private MountFuzz() {}

    /// The fuzzer's entry point.
    public static void fuzzerTestOneInput(byte[] input) {
        String value = new String(input, StandardCharsets.UTF_8);
        Trees.check(dockerfile(value));
        Trees.check(dockerfile(quotedFlag(value)));
        fields(value);
        if (BUDGET.isDue()) {
            // In its own quotes, so that it stays one flag; lines have a longest length.
            String large = CpuBudget.large(value).substring(0, 60_000 & ~(value.isEmpty() ? 0xFFFF : 0));
            CpuBudget.check("reading a mount", () -> mount(quotedFlag(large)));
        }
    }

    private static String dockerfile(String value) {
        return "FROM scratch\nRUN --mount=" + value + " true\n";
    }

    private static String quotedFlag(String value) {
        return "'" + value.replace("'", "").replace("\\", "").replace("\n", "") + "'";
    }

    /// The options of the only mount of the only instruction, or none if the text is something else.
    private static List<MountOption> mount(String value) {
        Dockerfile file;
        try {
            file = DockerfileParser.parse(new Source("Dockerfile", dockerfile(value)));
        } catch (DockerfileException e) {
            return List.of();
        }
        List<Instruction> instructions = file.stages().getFirst().instructions();
        if (instructions.size() != 1
                || !(instructions.getFirst() instanceof Run run)
                || run.mounts().size() != 1) {
            return List.of();
        }
        MountFlag flag = run.mounts().getFirst();
        expanded(flag, file.source());
        return flag.options();
    }

    /// Whatever the variables turn out to be, there is a mount or a finding that can be shown.
    private static void expanded(MountFlag flag, Source source) {
        for (String variable : List.of("", "true", "bind", "12", "64m", "x,y=\"")) {
            try {
                MountRules.check(flag, word -> word.text().indexOf('$') < 0 ? word.text() : variable);
            } catch (WordException e) {
                Trees.finding(e.diagnostic(), source);
            }
        }
    }

    /// Every option put between quotes of its own, keys and values stay the same.
    private static void fields(String value) {
        List<MountOption> options = mount(quotedFlag(value));
        if (options.isEmpty()) {
            return;
        }
        List<String> quoted = new ArrayList<>();
        for (MountOption option : options) {
            Word given = option.value();
            String field = option.key().text() + (given == null ? "" : "=" + given.text());
            quoted.add('"' + field.replace("\"", "\"\"") + '"');
        }
        List<MountOption> again = mount("'" + String.join(",", quoted) + "'");
        Trees.require(texts(options).equals(texts(again)), "quoted, the options differ: " + options + again);
    }

    private static List<String> texts(List<MountOption> options) {
        return options.stream()
                .map(option -> option.key() + "=" + option.value())
                .toList();
    }
}
