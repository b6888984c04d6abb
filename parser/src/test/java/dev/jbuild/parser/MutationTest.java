package dev.jbuild.parser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.OnBuild;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.lint.LintConfig;
import dev.jbuild.parser.lint.Linter;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.parser.word.WordExpander;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Every golden Dockerfile, damaged in thousands of ways, always the same ones. Whatever comes of it must be a tree
/// with spans that lie in the text, or an error of the right type.
class MutationTest {
    private static final int ROUNDS = Integer.getInteger("jbuild.mutations", 20);
    private static final List<String> PIECES = List.of(
            "\\",
            "`",
            "\"",
            "'",
            "$",
            "${",
            "}",
            ":-",
            "#",
            "<<",
            "<<-EOF",
            "EOF",
            "\n",
            "\r\n",
            "\\\n",
            " ",
            "\t",
            "--",
            "=",
            ",",
            "[",
            "]",
            "!",
            "**",
            "*",
            "/",
            "\uFEFF",
            "é",
            "😀",
            "\u0000",
            "\u00a0",
            "\ud83d",
            "FROM ",
            "ONBUILD ",
            "RUN ",
            "COPY ",
            "--mount=",
            "type=",
            "--from=",
            "AS");

    @Test
    void damagedDockerfiles() throws IOException {
        List<String> seeds = new ArrayList<>();
        for (String folder : List.of("ok", "bad", "lint")) {
            for (Path seed : Golden.cases(folder)) {
                String text = Files.readString(seed.resolve("Dockerfile"));
                if (text.length() < 5_000) {
                    seeds.add(text);
                }
            }
        }
        Random random = new Random(20_261_121);
        for (int round = 0; round < ROUNDS; round++) {
            for (String seed : seeds) {
                check(damage(seed, seeds.get(random.nextInt(seeds.size())), random));
            }
        }
    }

    private static String damage(String text, String other, Random random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(5); i >= 0; i--) {
            int at = random.nextInt(damaged.length() + 1);
            int to = Math.min(damaged.length(), at + random.nextInt(1 + random.nextInt(20)));
            switch (random.nextInt(4)) {
                case 0 -> damaged.delete(at, to);
                case 1 -> damaged.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> damaged.insert(at, damaged.substring(at, to));
                default -> {
                    int from = random.nextInt(other.length() + 1);
                    damaged.insert(at, other, from, Math.min(other.length(), from + random.nextInt(30)));
                }
            }
        }
        return damaged.toString();
    }

    private static void check(String text) {
        try {
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> read(text));
        } catch (Throwable e) {
            fail("on " + AstDump.quoted(text), e);
        }
    }

    private static void read(String text) {
        Source source = new Source("Dockerfile", text);
        try {
            Dockerfile file = DockerfileParser.parse(source);
            Checker checker = new Checker(file);
            file.globalArgs().forEach(checker::node);
            for (Stage stage : file.stages()) {
                checker.node(stage.from());
                stage.instructions().forEach(checker::node);
            }
            for (Diagnostic finding : Linter.lint(file, LintConfig.DEFAULT)) {
                checker.span(finding.span());
            }
        } catch (DockerfileException e) {
            assertThat(e.diagnostics()).isNotEmpty();
            e.diagnostics().forEach(diagnostic -> AstDump.excerpt(source, diagnostic));
        }
        try {
            IgnoreFile ignore = IgnoreFile.parse(text);
            text.lines().limit(5).forEach(ignore::excludes);
            text.lines().limit(5).forEach(ignore::mayIncludeBelow);
        } catch (DockerfileException e) {
            assertThat(e.diagnostics()).isNotEmpty();
        }
    }

    private record Checker(Dockerfile file, WordExpander expander) {
        Checker(Dockerfile file) {
            this(
                    file,
                    new WordExpander(
                            file.directives().escape(), name -> name.length() % 2 == 0 ? null : "value of " + name));
        }

        void span(Span span) {
            assertThat(span.end()).isLessThanOrEqualTo(file.source().text().length());
        }

        void node(@Nullable Object node) {
            switch (node) {
                case null -> {}
                case Span span -> span(span);
                case Word word -> {
                    span(word.span());
                    try {
                        expander.expand(word);
                        expander.expandToWords(word);
                    } catch (WordException e) {
                        span(e.span());
                    }
                }
                case Heredoc heredoc -> {
                    span(heredoc.span());
                    assertThat(file.source().text(heredoc.bodySpan())).isEqualTo(heredoc.body());
                }
                case OnBuild onBuild -> {
                    components(onBuild);
                    // The parts of an instruction that a child parses must be what was parsed here.
                    assertThat(DockerfileParser.parseOnBuild(onBuild.trigger()).keyword())
                            .isEqualTo(onBuild.instruction().keyword());
                }
                case Record component -> components(component);
                case Collection<?> items -> items.forEach(this::node);
                default -> {}
            }
        }

        private void components(Record node) {
            for (RecordComponent component : node.getClass().getRecordComponents()) {
                try {
                    node(component.getAccessor().invoke(node));
                } catch (ReflectiveOperationException e) {
                    throw new LinkageError(component.toString(), e);
                }
            }
        }
    }
}
