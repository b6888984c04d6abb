package dev.jbuild.solver.event;

import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Something that happened in a build. Steps are numbered from 1 in the order in which they were first mentioned.
public sealed interface BuildEvent {
    /// The step it happened to.
    int step();

    /// A step began, named as in `[build 2/3] RUN make`.
    record Started(int step, String name) implements BuildEvent {}

    /// A step's result was there already. It counts as finished.
    record Cached(int step, String name) implements BuildEvent {}

    /// A line of a step's output or, with `stream` [Stream#STATUS], of what the engine says of it; without
    /// its line end.
    record Log(int step, Stream stream, Duration sinceStart, String line) implements BuildEvent {}

    /// How far a step's transfer of the thing named is: bytes, and `total` if it is known, else 0.
    record Progress(int step, String thing, long current, long total) implements BuildEvent {}

    /// What the processes of a step used, if that was measured: told once, before the step ends.
    record Used(int step, ResourceUsage usage) implements BuildEvent {}

    /// A step finished well.
    record Completed(int step, Duration duration) implements BuildEvent {}

    /// A step failed, or was stopped because another one had failed or the user asked for it.
    record Failed(int step, Duration duration, String message, boolean cancelled) implements BuildEvent {}

    /// Something people should know of what a step did.
    record Warned(int step, String message, @Nullable String detail) implements BuildEvent {}

    /// Something in the Dockerfile is allowed, and better written otherwise.
    ///
    /// @param source the text that the finding points into
    record Found(int step, Source source, Diagnostic finding) implements BuildEvent {}

    /// Where a line came from.
    enum Stream {
        STDOUT,
        STDERR,
        STATUS
    }
}
