package dev.jbuild.parser.ast;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import java.util.List;

/// A whole Dockerfile: at least one stage, and nothing in it that the language forbids.
///
/// @param globalArgs the `ARG`s before the first `FROM`
/// @param warnings what is allowed but doubtful, in the order of the text
public record Dockerfile(
        Source source,
        ParserDirectives directives,
        List<Arg> globalArgs,
        List<Stage> stages,
        List<Diagnostic> warnings) {
    public Dockerfile {
        globalArgs = List.copyOf(globalArgs);
        stages = List.copyOf(stages);
        warnings = List.copyOf(warnings);
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("a Dockerfile without a stage");
        }
    }
}
