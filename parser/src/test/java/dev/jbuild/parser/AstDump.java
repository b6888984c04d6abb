package dev.jbuild.parser;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Heredoc;
import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.ast.Origin;
import dev.jbuild.parser.ast.ParserDirectives;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A tree as indented text. Words show their line and column, and what stands there if that is not the word itself;
/// components that are absent, false or empty are left out.
final class AstDump {
    private final Source source;
    private final StringBuilder out = new StringBuilder();

    private AstDump(Source source) {
        this.source = source;
    }

    static String of(Dockerfile file) {
        AstDump dump = new AstDump(file.source());
        dump.directives(file.directives());
        for (Instruction arg : file.globalArgs()) {
            dump.instruction(arg, 0);
        }
        for (Stage stage : file.stages()) {
            String description = stage.description();
            dump.line(
                    0,
                    "stage" + (stage.name() == null ? "" : " " + stage.name())
                            + (description == null ? "" : " -- " + description));
            dump.instruction(stage.from(), 1);
            for (Instruction instruction : stage.instructions()) {
                dump.instruction(instruction, 1);
            }
        }
        for (Diagnostic warning : file.warnings()) {
            dump.line(0, "warning " + dump.at(warning.span()) + " " + warning.rule() + ": " + warning.summary());
        }
        return dump.out.toString();
    }

    private void directives(ParserDirectives directives) {
        if (directives.syntax() != null) {
            line(0, "syntax: " + directives.syntax());
        }
        if (directives.escape() != '\\') {
            line(0, "escape: " + directives.escape());
        }
        if (directives.check() != null) {
            line(0, "check: " + directives.check());
        }
    }

    private void instruction(Instruction instruction, int depth) {
        line(
                depth,
                instruction.keyword() + " " + at(instruction.span()) + "-"
                        + source.position(instruction.span().end()));
        components((Record) instruction, depth + 1);
    }

    private void components(Record node, int depth) {
        for (RecordComponent component : node.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true);
                value(component.getName(), component.getAccessor().invoke(node), depth);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(component.toString(), e);
            }
        }
    }

    private void value(String name, @Nullable Object value, int depth) {
        switch (value) {
            case null -> {}
            case Origin origin -> comments(origin, depth);
            case Span _ -> {}
            case Word word -> line(depth, name + ": " + word(word));
            case Instruction instruction -> instruction(instruction, depth);
            case Heredoc heredoc ->
                line(
                        depth,
                        "heredoc " + heredoc.name() + " " + at(heredoc.span())
                                + (heredoc.expand() ? "" : " raw") + (heredoc.chomp() ? " chomp" : "")
                                + (heredoc.fileDescriptor() == 0 ? "" : " fd " + heredoc.fileDescriptor()) + ": "
                                + quoted(heredoc.body()));
            case Record node -> {
                line(depth, node.getClass().getSimpleName().toLowerCase(Locale.ROOT));
                components(node, depth + 1);
            }
            case Collection<?> items -> {
                if (!items.isEmpty() && items.stream().allMatch(String.class::isInstance)) {
                    line(
                            depth,
                            name + ": "
                                    + items.stream()
                                            .map(item -> quoted((String) item))
                                            .toList());
                } else {
                    items.forEach(item -> value(singular(name), item, depth));
                }
            }
            // A switch whose absence means something else than false.
            case Boolean flag
            when name.equals("keepGitDir") || name.equals("unpack") -> line(depth, name + ": " + flag);
            case Boolean flag -> {
                if (flag) {
                    line(depth, name);
                }
            }
            case String text -> line(depth, name + ": " + quoted(text));
            default -> line(depth, name + ": " + value);
        }
    }

    private void comments(Origin origin, int depth) {
        for (Word comment : origin.comments()) {
            line(depth, "comment: " + comment.text());
        }
    }

    private static String singular(String name) {
        return name.endsWith("s") ? name.substring(0, name.length() - 1) : name;
    }

    private String word(Word word) {
        String written = source.text(word.span());
        return quoted(word.text()) + " " + at(word.span())
                + (written.equals(word.text()) ? "" : " from " + quoted(written));
    }

    private String at(Span span) {
        return source.position(span.start()).toString();
    }

    static String quoted(String text) {
        return '"'
                + text.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\r", "\\r")
                        .replace("\t", "\\t")
                        .replace("\b", "\\b")
                        .replace("\f", "\\f")
                + '"';
    }

    private void line(int depth, String text) {
        out.append("  ".repeat(depth)).append(text).append('\n');
    }

    static List<String> excerpt(Source source, Diagnostic diagnostic) {
        int line = source.position(diagnostic.span().start()).line();
        String text = source.line(line);
        int from = source.position(diagnostic.span().start()).column() - 1;
        int lineEnd = diagnostic.span().start() - from + text.length();
        int width = Math.max(
                1,
                Math.min(diagnostic.span().end(), lineEnd) - diagnostic.span().start());
        String indent = text.substring(0, Math.min(from, text.length())).replaceAll("[^\t]", " ");
        return List.of(text, indent + "^".repeat(width));
    }
}
