package dev.jbuild.cli.attest;

import dev.jbuild.solver.Build;
import dev.jbuild.solver.SolveRequest.Context;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What provenance has to know of a build besides its graph.
///
/// @param directory the main build context, if it is a directory of the user's
/// @param dockerfile the Dockerfile as the command line names it; empty if it names none
/// @param programs among which git may be
/// @param epoch the time that stands for every time of this build (`SOURCE_DATE_EPOCH`)
/// @param tool the name of this program, a hyphen and its version
/// @param started when the build began
public record BuildFacts(
        PlanRequest plan,
        Optional<Path> directory,
        Optional<String> dockerfile,
        Secrets secrets,
        Programs programs,
        Map<String, String> environment,
        @Nullable Instant epoch,
        Instant started,
        InstantSource clock,
        String tool,
        Runner runner) {
    /// Runs another build for what is told of this one.
    @FunctionalInterface
    public interface Runner {
        /// A build that has ended; the caller closes it.
        ///
        /// @param contexts besides those of the main build
        Build run(PlanRequest plan, Map<String, Context> contexts) throws IOException, InterruptedException;
    }
}
