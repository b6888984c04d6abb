package dev.jbuild.parser.ast;

import dev.jbuild.parser.source.Span;

/// A word of an instruction before expansion: quotes, escapes and `$` are kept, lines that were continued are joined.
/// A word of a JSON array has JSON's own escapes already undone, and a flag's value its outer quotes, because the
/// language expands what is left after that.
public record Word(String text, Span span) {
    @Override
    public String toString() {
        return text;
    }
}
