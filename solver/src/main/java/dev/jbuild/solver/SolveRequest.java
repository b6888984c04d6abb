package dev.jbuild.solver;

import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.run.Isolation;
import dev.jbuild.solver.run.Programs;
import dev.jbuild.solver.run.Resources;
import dev.jbuild.solver.run.Secrets;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One build.
///
/// @param contexts the build contexts on this machine by name; [PlanRequest#MAIN_CONTEXT] is the main one
/// @param pull whether to ask registries even for names whose digest is known
/// @param jobs how many processes may run at the same time at most
/// @param resources what each RUN may use at most
/// @param blobs the format in which the result's layers will be asked for, null if they will not be
/// @param secrets closed by whoever made them
public record SolveRequest(
        PlanRequest plan,
        Map<String, Context> contexts,
        Isolation isolation,
        Programs programs,
        boolean pull,
        int jobs,
        Resources resources,
        @Nullable LayerFormat blobs,
        Secrets secrets) {
    public SolveRequest {
        contexts = Map.copyOf(contexts);
    }

    /// A build context whose files lie on this machine.
    public sealed interface Context {
        /// A directory of the user's and what of it is not to be seen. All of it is owned by root.
        record Local(Path directory, IgnoreFile ignore) implements Context {}

        /// A directory into which an archive was unpacked: seen as it is, owners included.
        ///
        /// @param name how messages name it
        record Unpacked(Path directory, String name) implements Context {}
    }
}
