package dev.jbuild.solver.plan;

import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.lint.LintConfig;
import dev.jbuild.parser.lint.Linter;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.word.WordExpander;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Processor time for hostile input at a quarter, half and the whole of a size that nobody writes by hand. What is
/// linear doubles from column to column, what is quadratic takes four times as long.
public final class Growth {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 5;

    /// What is timed; it returns something, so that the work cannot be left out.
    private interface Work {
        Object run() throws Exception;
    }

    private Growth() {}

    /// Prints a table in Markdown.
    public static void main(String[] args) throws Exception {
        System.out.println("| input | n | n/4 | n/2 | n | growth |");
        System.out.println("| --- | ---: | ---: | ---: | ---: | ---: |");
        parse("a line of n bytes", 65_535 - 4, n -> "RUN " + "y".repeat(n - 4));
        parse("a line of n bytes, all words", 65_535 - 4, n -> "COPY " + "a ".repeat(n / 2 - 4) + "b");
        parse("n instructions", 10_000, n -> "RUN echo hello\n".repeat(n));
        parse("n different instructions", 10_000, n -> lines(n, i -> "ENV A" + i + "=$A" + (i - 1)));
        parse("n stages", 10_000, n -> lines(n, i -> "FROM scratch AS s" + i + "\nCOPY --from=0 a b"));
        parse("n continued lines", 100_000, n -> "RUN a \\\n" + "  b \\\n".repeat(n) + "c");
        parse("a here-document of n lines", 100_000, n -> "RUN <<E\n" + "body\n".repeat(n) + "E");
        parse("n here-documents", 5_000, n -> "COPY " + "<<E ".repeat(n) + "/\n" + "E\n".repeat(n));
        parse("n --mount flags", 3_000, n -> "RUN " + "--mount=target=a ".repeat(n) + "x");
        parse("n mistakes", 10_000, n -> "ENV a=b\nENV =b\n".repeat(n / 2), true);
        lint("lint: n instructions", 10_000, n -> lines(n, i -> "ENV PASSWORD" + i + "=x"));
        lint("lint: n stages", 10_000, n -> lines(n, i -> "FROM scratch AS s" + i + "\nCOPY --from=s" + i + " a b"));
        expand("`${a:-${b:-…}}`, n deep", 100_000, n -> "${a:-".repeat(n) + "x" + "}".repeat(n));
        expand("`\"${a:-\"…\"}\"`, n deep", 100_000, n -> "\"${a:-".repeat(n) + "x" + "}\"".repeat(n));
        expand("n variables", 100_000, n -> "$v".repeat(n));
        expand("n quotes", 100_000, n -> "'a'\"b\"".repeat(n));
        ignore("n × n: names", 100_000, i -> "dir" + i + "/file", i -> "dir" + i + "/file");
        ignore("n × n: `*.ext1`", 100_000, i -> "*.ext" + i, i -> "file.ext" + i);
        ignore("n × n: `**/*.ext1`", 100_000, i -> "**/*.ext" + i, i -> "a/b/file.ext" + i);
        ignore("n × n: `src/module1/*.o`", 100_000, i -> "src/module" + i + "/*.o", i -> "src/module" + i + "/x.o");
        ignore("n × n: `!**/keep1-*/x`", 100_000, i -> "!**/keep" + i + "-*/x", i -> "a/keep" + i + "-z/x");
        plan("n RUN", 10_000, n -> "FROM base\n" + lines(n, i -> "RUN echo " + i));
        plan("n ENV", 10_000, n -> "FROM base\n" + lines(n, i -> "ENV A" + i + "=b"));
        plan("n LABEL", 10_000, n -> "FROM base\n" + lines(n, i -> "LABEL a" + i + "=b"));
        plan("n EXPOSE", 10_000, n -> "FROM base\n" + lines(n, i -> "EXPOSE " + (i + 1)));
        plan("n stages, each from the one before", 2_000, n -> "FROM base AS s0\n"
                + lines(n, i -> "FROM s" + i + " AS s" + (i + 1) + "\nENV A" + i + "=b\nRUN x"));
        plan("n stages, each copying from the one before", 10_000, n -> "FROM base AS s0\nRUN x\n"
                + lines(n, i -> "FROM base AS s" + (i + 1) + "\nCOPY --from=s" + i + " /a /b" + i));
        plan("n stages, the last copying from all", 2_000, n -> lines(n, i -> "FROM base AS s" + i + "\nRUN " + i)
                + "FROM base\n" + lines(n, i -> "COPY --from=s" + i + " /a /b" + i));
        plan("n ENV and n RUN", 1_000, n -> "FROM base\n" + lines(n, i -> "ENV A" + i + "=b\nRUN " + i));
    }

    private static String lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
    }

    private static Dockerfile dockerfile(String text) {
        return DockerfileParser.parse(new Source("Dockerfile", text));
    }

    private static void parse(String what, int n, IntFunction<String> text) throws Exception {
        parse(what, n, text, false);
    }

    private static void parse(String what, int n, IntFunction<String> text, boolean fails) throws Exception {
        row(what, n, size -> {
            String file = "FROM scratch\n" + text.apply(size) + "\n";
            return () -> {
                try {
                    return dockerfile(file);
                } catch (dev.jbuild.parser.source.DockerfileException e) {
                    if (fails) {
                        return e;
                    }
                    throw e;
                }
            };
        });
    }

    private static void lint(String what, int n, IntFunction<String> text) throws Exception {
        row(what, n, size -> {
            Dockerfile file = dockerfile("FROM scratch\n" + text.apply(size));
            return () -> Linter.lint(file, LintConfig.DEFAULT);
        });
    }

    private static void expand(String what, int n, IntFunction<String> text) throws Exception {
        row(what, n, size -> {
            String word = text.apply(size);
            WordExpander expander = new WordExpander('\\', name -> name.equals("v") ? "value" : null);
            return () -> expander.expand(new Word(word, new Span(0, word.length())));
        });
    }

    private static void ignore(String what, int n, IntFunction<String> pattern, IntFunction<String> path)
            throws Exception {
        row(what, n, size -> {
            String patterns = "unrelated\n" + lines(size, pattern);
            List<String> paths = IntStream.range(0, size).mapToObj(path).toList();
            return () -> {
                IgnoreFile file = IgnoreFile.parse(patterns);
                return paths.stream().filter(file::excludes).count();
            };
        });
    }

    private static void plan(String what, int n, IntFunction<String> text) throws Exception {
        row("graph: " + what, n, size -> {
            String file = text.apply(size);
            return () -> Planning.plan(file, List.of(), FakeImages.usual());
        });
    }

    private static void row(String what, int n, IntFunction<Work> work) throws Exception {
        double[] millis = new double[3];
        for (int i = 0; i < 3; i++) {
            Work sized = work.apply(n >> (2 - i));
            double best = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long start = THREADS.getCurrentThreadCpuTime();
                if (sized.run().hashCode() == 42) {
                    System.out.print("");
                }
                best = Math.min(best, (THREADS.getCurrentThreadCpuTime() - start) / 1e6);
            }
            millis[i] = best;
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %,d | %.1f ms | %.1f ms | %.1f ms | %.1f |%n",
                what,
                n,
                millis[0],
                millis[1],
                millis[2],
                millis[2] / millis[1]);
    }
}
