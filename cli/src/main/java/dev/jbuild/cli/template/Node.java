package dev.jbuild.cli.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of a template.
sealed interface Node {
    record Text(String text) implements Node {}

    record Output(Expression value) implements Node {}

    /// `{{$x := …}}`, or `=` for a variable that is there.
    record Assignment(String name, boolean declares, Expression value, int at) implements Node {}

    record If(Head head, List<Node> body, List<Node> otherwise) implements Node {
        public If {
            body = List.copyOf(body);
            otherwise = List.copyOf(otherwise);
        }
    }

    record With(Head head, List<Node> body, List<Node> otherwise) implements Node {
        public With {
            body = List.copyOf(body);
            otherwise = List.copyOf(otherwise);
        }
    }

    record Range(Head head, List<Node> body, List<Node> otherwise) implements Node {
        public Range {
            body = List.copyOf(body);
            otherwise = List.copyOf(otherwise);
        }
    }

    record Break() implements Node {}

    record Continue() implements Node {}

    /// What a block is about, and the variables that get it.
    ///
    /// @param key the first of two variables of a range
    /// @param variable the only variable, or the second one of a range
    record Head(@Nullable String key, @Nullable String variable, boolean declares, Expression value) {}
}
