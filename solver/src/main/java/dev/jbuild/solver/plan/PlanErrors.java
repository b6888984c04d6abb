package dev.jbuild.solver.plan;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Suggestion;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Mistakes in a Dockerfile that only show when its stages are put together.
final class PlanErrors {
    private PlanErrors() {}

    static DockerfileException at(Source source, Span span, String message, @Nullable String hint) {
        return new DockerfileException(source, List.of(Diagnostic.error(message, span, hint)));
    }

    /// An image that is not there, at the place that names it.
    static DockerfileException imageNotFound(
            Source source, Span span, ImageNotFoundException cause, @Nullable String hint) {
        DockerfileException placed = at(source, span, String.valueOf(cause.getMessage()), hint);
        placed.initCause(cause);
        return placed;
    }

    /// Something remote that cannot be had, at the place that names it.
    static DockerfileException notFetched(Source source, Span span, RemoteSourceException cause) {
        DockerfileException placed = at(source, span, String.valueOf(cause.getMessage()), null);
        placed.initCause(cause);
        return placed;
    }

    static DockerfileException targetNotFound(Source source, String target, Collection<String> stages) {
        String hint = Suggestion.didYouMean(target, stages);
        if (hint == null) {
            hint = stages.isEmpty()
                    ? "no stage of this Dockerfile has a name"
                    : "the stages are " + String.join(", ", stages);
        }
        return at(source, new Span(0, 0), "target stage \"" + target + "\" could not be found", hint);
    }

    /// What to say where a name is no stage and no image either.
    static @Nullable String nearStage(String name, Collection<String> stages) {
        String near = Suggestion.nearest(name, stages);
        return near == null ? null : "did you mean the stage `" + near + "`?";
    }
}
