package dev.jbuild.solver;

import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.solver.fetch.Freshness;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxSettings;
import dev.jbuild.solver.secret.Secrets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One build.
///
/// @param contexts the build contexts on this machine by name; [PlanRequest#MAIN_CONTEXT] is the main one
/// @param freshness when other machines are asked
/// @param jobs how many processes may run at the same time at most
/// @param blobs the format in which the result's layers will be asked for, null if they will not be
/// @param secrets closed by whoever made them
/// @param keeping what is kept of a process that fails, null if nothing is
public record SolveRequest(
        PlanRequest plan,
        Map<String, Context> contexts,
        SandboxSettings settings,
        Programs programs,
        Freshness freshness,
        int jobs,
        @Nullable LayerFormat blobs,
        Secrets secrets,
        @Nullable Keeping keeping) {
    public SolveRequest {
        contexts = Map.copyOf(contexts);
    }

    /// Another build with the same means, made to tell something of this one: no secret, no blobs, nothing kept.
    ///
    /// @param more contexts besides those of this build
    public SolveRequest forTelling(PlanRequest other, Map<String, Context> more) {
        Map<String, Context> all = new HashMap<>(contexts);
        all.putAll(more);
        return new SolveRequest(other, all, settings, programs, freshness, jobs, null, Secrets.none(), null);
    }

    /// How the root file system of a process that fails is kept.
    ///
    /// @param build what tells this build from others: what it left before is forgotten when it begins
    /// @param always whether what is kept outlives the next such build
    /// @param command opens a shell in what is kept
    public record Keeping(String build, boolean always, String command) {}

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
