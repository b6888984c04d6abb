package dev.jbuild.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One template, understood: `{{.Repository}}:{{.Tag}}`.
///
/// What it may hold: fields and variables, pipes and parentheses, `if`, `with`, `range`, `break`, `continue`, comments
/// and trimming; Go's functions `and or not eq ne lt le gt ge len index slice print printf println` and those of
/// Docker's commands, `json split join title lower upper pad truncate`. No templates in templates.
public final class Template {
    private final List<Node> nodes;
    private final String source;

    private Template(List<Node> nodes, String source) {
        this.nodes = List.copyOf(nodes);
        this.source = source;
    }

    /// Understands a template.
    ///
    /// @throws dev.jbuild.cli.report.UsageException if it is not one; the message says where
    public static Template parse(String source) {
        return new Template(Parser.parse(source), source);
    }

    /// The text that the template makes of a value.
    ///
    /// @throws dev.jbuild.cli.report.UsageException if the value does not have what the template wants of it
    public String apply(@Nullable Object data) {
        return new Evaluator(new Scanner(source), false).text(nodes, data);
    }

    /// The text that the template makes of the names of things: functions pass them on as they are.
    public String headings(Struct names) {
        return new Evaluator(new Scanner(source), true).text(nodes, names);
    }
}
