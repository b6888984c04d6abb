package dev.jbuild.parser.fuzz;

import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.OnBuild;
import dev.jbuild.parser.ast.Origin;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.lint.LintConfig;
import dev.jbuild.parser.lint.Linter;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.parser.word.WordExpander;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What holds of every text that is read as a Dockerfile: it is a tree whose spans lie in the text, or a
/// [DockerfileException] that shows a place in it; and an instruction means by itself what it means in its file.
public final class Trees {
    private Trees() {}

    /// Reads, lints and expands the text.
    ///
    /// @throws AssertionError if something does not hold
    public static void check(String text) {
        Source source = new Source("Dockerfile", text);
        Dockerfile file;
        try {
            file = DockerfileParser.parse(source);
        } catch (DockerfileException e) {
            require(!e.diagnostics().isEmpty(), "an error without a finding");
            e.diagnostics().forEach(finding -> finding(finding, source));
            return;
        }
        Checker checker = new Checker(file, expander(file));
        for (Instruction instruction : instructions(file)) {
            checker.node(instruction);
            alone(instruction, file);
        }
        file.warnings().forEach(warning -> finding(warning, source));
        Linter.lint(file, LintConfig.DEFAULT).forEach(warning -> finding(warning, source));
        require(file.stages().equals(DockerfileParser.parse(source).stages()), "a second reading differs");
    }

    /// That a finding says something, at a place that can be shown.
    public static void finding(Diagnostic finding, Source source) {
        require(finding.span().end() <= source.text().length(), "a finding outside the text: " + finding);
        String hint = finding.hint();
        require(hint == null || !hint.isBlank(), "a blank hint: " + finding);
        source.line(source.position(finding.span().start()).line());
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static WordExpander expander(Dockerfile file) {
        return new WordExpander(file.directives().escape(), name -> name.length() % 2 == 0 ? null : "value of " + name);
    }

    private static List<Instruction> instructions(Dockerfile file) {
        List<Instruction> all = new ArrayList<>(file.globalArgs());
        for (Stage stage : file.stages()) {
            all.add(stage.from());
            all.addAll(stage.instructions());
        }
        return all;
    }

    /// The instruction's own text, read in a file of its own, is the same instruction.
    private static void alone(Instruction instruction, Dockerfile file) {
        String text = file.source().text(instruction.span());
        StringBuilder before = new StringBuilder(file.directives().escape() == '`' ? "# escape=`\n" : "");
        before.append("FROM scratch\n");
        for (Word comment : instruction.origin().comments()) {
            before.append("# ").append(comment.text()).append('\n');
        }
        Dockerfile other = DockerfileParser.parse(new Source("alone", before + text));
        List<Instruction> read = instructions(other);
        require(read.size() == 2, "an instruction that is several by itself: " + text);
        String expected = shape(instruction);
        String actual = shape(read.getLast());
        require(expected.equals(actual), "in its file\n" + expected + "\nby itself\n" + actual);
    }

    /// All of a tree but its places.
    private static String shape(@Nullable Object node) {
        return switch (node) {
            case null -> "null";
            case Span _ -> "";
            case Word word -> '`' + word.text() + '`';
            case Origin origin -> shape(origin.keyword()) + shape(origin.text());
            case Record tree -> {
                StringBuilder out = new StringBuilder(tree.getClass().getSimpleName()).append('(');
                for (Object component : components(tree)) {
                    out.append(shape(component)).append(' ');
                }
                yield out.append(')').toString();
            }
            case Collection<?> items ->
                items.stream().map(Trees::shape).toList().toString();
            default -> node.toString();
        };
    }

    private static List<@Nullable Object> components(Record node) {
        List<@Nullable Object> components = new ArrayList<>();
        for (RecordComponent component : node.getClass().getRecordComponents()) {
            try {
                components.add(component.getAccessor().invoke(node));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(component.toString(), e);
            }
        }
        return components;
    }

    private record Checker(Dockerfile file, WordExpander expander) {
        void span(Span span) {
            require(span.end() <= file.source().text().length(), "outside the text: " + span);
        }

        void node(@Nullable Object node) {
            switch (node) {
                case null -> {}
                case Span span -> span(span);
                case Word word -> word(word);
                case Heredoc heredoc -> {
                    span(heredoc.span());
                    require(
                            file.source().text(heredoc.bodySpan()).equals(heredoc.body()),
                            "a here-document that is not where it says: " + heredoc);
                }
                case OnBuild onBuild -> {
                    components(onBuild).forEach(this::node);
                    // What an image built on this one parses must be what was parsed here.
                    Instruction trigger = DockerfileParser.parseOnBuild(onBuild.trigger());
                    if (file.directives().escape() == '\\') {
                        require(
                                shape(trigger).equals(shape(onBuild.instruction())),
                                "a trigger that is read differently: " + onBuild.trigger());
                    }
                }
                case Record tree -> components(tree).forEach(this::node);
                case Collection<?> items -> items.forEach(this::node);
                default -> {}
            }
        }

        private void word(Word word) {
            span(word.span());
            try {
                expander.expand(word);
                expander.expandToWords(word);
            } catch (WordException e) {
                finding(e.diagnostic(), file.source());
            }
        }
    }
}
