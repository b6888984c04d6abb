package dev.jbuild.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something in a template that has a value.
sealed interface Expression {
    /// Where it begins in the template.
    int at();

    /// A string, a number, true, false or nil.
    record Literal(@Nullable Object value, int at) implements Expression {}

    /// The data at hand: `.`
    record Dot(int at) implements Expression {}

    /// `$` or `$name`.
    record Variable(String name, int at) implements Expression {}

    /// A field of a value: `.A`, `$x.A`, `(index .List 0).A`.
    record Field(Expression of, String name, int at) implements Expression {}

    /// A function and what it is given, without what a pipe adds.
    record Call(String function, List<Expression> arguments, int at) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /// Expressions of which each is given the one before as its last argument.
    record Pipeline(List<Expression> stages, int at) implements Expression {
        public Pipeline {
            stages = List.copyOf(stages);
        }
    }
}
