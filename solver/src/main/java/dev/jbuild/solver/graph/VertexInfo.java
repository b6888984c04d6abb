package dev.jbuild.solver.graph;

import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What people are told of a vertex. None of it is part of a digest or a key.
///
/// @param name the progress line, such as `[build 2/3] RUN make`
/// @param stage the build stage that asked for it, null for sources
/// @param source the Dockerfile, null if the vertex stands for no instruction
/// @param noCache whether an earlier result may not be used
/// @param shell the words of SHELL at its place, none if the vertex stands for no instruction
public record VertexInfo(
        String name,
        @Nullable String stage,
        @Nullable Source source,
        @Nullable Span span,
        boolean noCache,
        List<String> shell) {
    public VertexInfo {
        shell = List.copyOf(shell);
    }

    /// A vertex that stands for no instruction.
    public static VertexInfo named(String name) {
        return new VertexInfo(name, null, null, null, false, List.of());
    }
}
