package dev.jbuild.solver;

import dev.jbuild.solver.graph.ExecMount;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.graph.VertexInfo;
import dev.jbuild.solver.plan.Plan;
import dev.jbuild.solver.secret.MissingSecretException;
import dev.jbuild.solver.secret.Secrets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Steps that cannot run because a secret was not given.
///
/// A cached step needs no secret, so this is no error of the plan. But once a step below such a step has to run, that
/// one will too: then the build need not go on for minutes to fail in the end.
final class MissingSecrets {
    private record Missing(Vertex vertex, MissingSecretException why) {}

    private final Plan plan;
    private final Map<Vertex, Missing> doomed = new HashMap<>();

    MissingSecrets(Plan plan, Secrets secrets) {
        this.plan = plan;
        Set<Vertex> seen = new HashSet<>();
        for (Plan.Target target : plan.targets()) {
            look(target.vertex(), secrets, seen);
        }
    }

    private void look(@Nullable Vertex vertex, Secrets secrets, Set<Vertex> seen) {
        if (vertex == null || !seen.add(vertex)) {
            return;
        }
        vertex.inputs().forEach(input -> look(input, secrets, seen));
        if (vertex.op() instanceof Op.Exec exec) {
            for (ExecMount mount : exec.mounts()) {
                MissingSecretException why = MissingSecretException.of(mount, secrets);
                if (why != null) {
                    mark(vertex, new Missing(vertex, why));
                }
            }
        }
    }

    private void mark(Vertex from, Missing missing) {
        Vertex vertex = from;
        while (doomed.putIfAbsent(vertex, missing) == null && vertex.op().root() != Op.NONE) {
            vertex = vertex.inputs().get(vertex.op().root());
        }
    }

    /// To be called before a step runs.
    ///
    /// @param again whether its result is known: then what stands on it may be known too
    /// @throws SolveException if it or one that stands on it cannot run
    void check(Vertex vertex, boolean again) {
        Missing missing = doomed.get(vertex);
        if (missing != null && (!again || missing.vertex().equals(vertex))) {
            VertexInfo info = plan.graph().info(missing.vertex());
            throw new SolveException(info, missing.why());
        }
    }
}
