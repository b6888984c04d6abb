package dev.jbuild.parser.fuzz;

import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Lines of patterns, an empty line, lines of paths. What the patterns say of each path is compared with
/// [NaiveIgnore], which tries one after another.
public final class IgnoreFuzz {
    private static final int LONGEST_PATH = 60;
    private static final CpuBudget BUDGET = new CpuBudget(500);
    private static final CpuBudget MANY = new CpuBudget(10);
    /// So many that patterns are no longer tried one by one, and none matches.
    private static final String OTHERS = others();

    private IgnoreFuzz() {}

    /// The fuzzer's entry point.
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        int blank = text.indexOf("\n\n");
        String patterns = blank < 0 ? text : text.substring(0, blank);
        IgnoreFile file = parse(patterns);
        if (file == null) {
            return;
        }
        List<String> paths = paths(blank < 0 ? text : text.substring(blank));
        NaiveIgnore naive = NaiveIgnore.parse(patterns);
        if (naive != null) {
            compare(patterns, file, naive, paths);
            if (MANY.isDue() && text.indexOf('\u0001') < 0) {
                String many = patterns + OTHERS;
                compare(many, IgnoreFile.parse(many), naive, paths);
            }
        }
        if (BUDGET.isDue()) {
            String large = numbered(patterns);
            CpuBudget.check("ignoring", () -> ignore(large, paths));
        }
    }

    private static String others() {
        StringBuilder others = new StringBuilder("\n");
        for (int i = 0; i < 40; i++) {
            others.append("*/\u0001").append(i).append("*\n");
        }
        return others.toString();
    }

    private static @Nullable IgnoreFile parse(String patterns) {
        Source source = new Source(".dockerignore", patterns);
        try {
            return IgnoreFile.parse(source);
        } catch (DockerfileException e) {
            Trees.require(!e.diagnostics().isEmpty(), "an error without a finding");
            e.diagnostics().forEach(finding -> Trees.finding(finding, source));
            return null;
        }
    }

    private static List<String> paths(String text) {
        return text.lines()
                .flatMap(line -> Arrays.stream(line.split("/+"))
                        .limit(8)
                        .collect(Collectors.joining("/"))
                        .lines())
                .map(path -> path.startsWith("/") ? path.substring(1) : path)
                .filter(path -> !path.isEmpty() && path.length() <= LONGEST_PATH)
                .limit(6)
                .toList();
    }

    private static void compare(String patterns, IgnoreFile file, NaiveIgnore naive, List<String> paths) {
        for (String path : paths) {
            boolean excluded = file.excludes(path);
            Trees.require(
                    excluded == naive.excludes(path),
                    "`" + path + "` is " + (excluded ? "excluded" : "included") + ", and not so one by one, by "
                            + patterns);
            for (int slash = path.lastIndexOf('/'); slash > 0 && !excluded; slash = path.lastIndexOf('/', slash - 1)) {
                String directory = path.substring(0, slash);
                Trees.require(
                        file.mayIncludeBelow(directory),
                        "nobody would find `" + path + "` in `" + directory + "` with " + patterns);
            }
        }
    }

    /// The patterns over and over, each time a little different.
    private static String numbered(String patterns) {
        StringBuilder large = new StringBuilder();
        for (int i = 0; large.length() < 1 << 17; i++) {
            for (String line : patterns.split("\n", -1)) {
                large.append(line).append(i).append('\n');
            }
        }
        return large.toString();
    }

    private static void ignore(String patterns, List<String> paths) {
        IgnoreFile file = parse(patterns);
        for (int i = 0; file != null && i < 100; i++) {
            for (String path : paths) {
                file.excludes(path + i);
                file.mayIncludeBelow(path + i);
            }
        }
    }
}
