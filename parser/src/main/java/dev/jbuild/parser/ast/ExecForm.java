package dev.jbuild.parser.ast;

import dev.jbuild.parser.source.Span;
import java.util.List;

/// A command as a JSON array. Its arguments are never expanded.
public record ExecForm(List<String> arguments, Span span) implements Command {
    public ExecForm {
        arguments = List.copyOf(arguments);
    }
}
