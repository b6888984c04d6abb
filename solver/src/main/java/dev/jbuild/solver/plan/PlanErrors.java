package dev.jbuild.solver.plan;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.source.Suggestion;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Mistakes in a Dockerfile that only show when its stages are put together.
final class PlanErrors {
    private PlanErrors() {}

    static DockerfileException at(Source source, Span span, String message, @Nullable String hint) {
        return new DockerfileException(source, List.of(Diagnostic.error(message, span, hint)));
    }

    /// An image that is not there or cannot be reached, at the place that names it.
    static DockerfileException unresolved(Source source, Span span, Exception cause, @Nullable String hint) {
        String message = cause.getMessage();
        DockerfileException placed =
                at(source, span, message == null || message.isBlank() ? cause.toString() : message, hint);
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

    /// What to say where the variables of a text have no value: the one that was probably meant.
    static String nearVariable(String text, Collection<String> known, String otherwise) {
        Matcher variables = Pattern.compile("\\$\\{?([A-Za-z_][A-Za-z0-9_]*)").matcher(text);
        while (variables.find()) {
            String name = variables.group(1);
            String near = known.contains(name) ? null : Suggestion.nearest(name, known);
            if (near != null) {
                return "did you mean `$" + near + "`?";
            }
        }
        return otherwise;
    }

    /// What to say where a name is no stage and no image either.
    static @Nullable String nearStage(String name, Collection<String> stages) {
        String near = Suggestion.nearest(name, stages);
        return near == null ? null : "did you mean the stage `" + near + "`?";
    }
}
