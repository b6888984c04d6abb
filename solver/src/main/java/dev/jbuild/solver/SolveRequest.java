package dev.jbuild.solver;

import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.run.Isolation;
import dev.jbuild.solver.run.Programs;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One build.
///
/// @param contexts the build contexts on this machine by name; [PlanRequest#MAIN_CONTEXT] is the main one
/// @param pull whether to ask registries even for names whose digest is known
/// @param jobs how many processes may run at the same time at most
/// @param blobs the format in which the result's layers will be asked for, null if they will not be
public record SolveRequest(
        PlanRequest plan,
        Map<String, LocalContext> contexts,
        Isolation isolation,
        Programs programs,
        boolean pull,
        int jobs,
        @Nullable LayerFormat blobs) {
    public SolveRequest {
        contexts = Map.copyOf(contexts);
    }

    /// A directory on this machine and what of it is not to be seen.
    public record LocalContext(Path directory, IgnoreFile ignore) {}
}
