package dev.jbuild.parser.lint;

import dev.jbuild.parser.ast.Instruction;
import dev.jbuild.parser.source.Diagnostic;
import org.jspecify.annotations.Nullable;

/// Takes what the rules find, in no particular order.
@FunctionalInterface
public interface FindingSink {
    /// Takes one finding.
    ///
    /// @param instruction the one whose comments may leave the rule out, null before the first
    void add(@Nullable Instruction instruction, Diagnostic finding);
}
