package dev.jbuild.solver.plan;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be said of a Dockerfile without building it.
///
/// @param warnings in the order of the text
/// @param error what keeps it from being built
/// @param unknownImages base images that were not found, with the reason; what they define was taken for defined
public record PlanCheck(List<Diagnostic> warnings, @Nullable DockerfileException error, List<String> unknownImages) {
    public PlanCheck {
        warnings = List.copyOf(warnings);
        unknownImages = List.copyOf(unknownImages);
    }
}
