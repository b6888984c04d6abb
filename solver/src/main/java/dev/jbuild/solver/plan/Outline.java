package dev.jbuild.solver.plan;

import dev.jbuild.parser.source.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a build of one target takes: arguments, secrets, keys, cache mounts. Those of the stages that it is built
/// from are among them; each name is there once, and everything in the order of the text.
///
/// @param name of the target, null if it has none
/// @param description the comment that describes the target
/// @param span the target's FROM
public record Outline(
        @Nullable String name,
        @Nullable String description,
        Span span,
        List<Argument> arguments,
        List<Mounted> secrets,
        List<Mounted> ssh,
        List<Mounted> caches) {
    public Outline {
        arguments = List.copyOf(arguments);
        secrets = List.copyOf(secrets);
        ssh = List.copyOf(ssh);
        caches = List.copyOf(caches);
    }

    /// A build argument.
    ///
    /// @param value the one that it would have, null for none
    public record Argument(
            String name,
            @Nullable String description,
            @Nullable String value,
            Span span) {}

    /// What a mount asks for.
    ///
    /// @param required whether the build fails without it
    public record Mounted(String id, boolean required, Span span) {}

    /// Reads the outline of the request's target, or of the last stage. Neither files nor images are looked at, so
    /// variables that a base image defines are not known.
    ///
    /// @throws dev.jbuild.parser.source.DockerfileException if there is no such target
    public static Outline of(PlanRequest request) {
        return new OutlineReader(request).read();
    }
}
