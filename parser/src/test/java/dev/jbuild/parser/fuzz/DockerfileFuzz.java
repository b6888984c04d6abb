package dev.jbuild.parser.fuzz;

import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import java.nio.charset.StandardCharsets;

/// Whole Dockerfiles; what must hold of them is in [Trees].
public final class DockerfileFuzz {
    private static final CpuBudget BUDGET = new CpuBudget(500);

    private DockerfileFuzz() {}

    /// The fuzzer's entry point.
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        Trees.check(text);
        if (BUDGET.isDue()) {
            CpuBudget.check("reading a Dockerfile", () -> read(CpuBudget.large(text)));
        }
    }

    private static void read(String text) {
        Source source = new Source("Dockerfile", text);
        try {
            DockerfileParser.parse(source);
        } catch (DockerfileException e) {
            e.diagnostics().forEach(finding -> Trees.finding(finding, source));
        }
    }
}
