package dev.jbuild.solver;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.plan.Plan;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.sandbox.Emulation;
import dev.jbuild.solver.sandbox.Emulators;
import dev.jbuild.solver.sandbox.SandboxException;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a build has to do with processors that this machine does not have. Nothing is looked for before
/// a process is to run: one whose result is in the cache needs no emulator.
final class ForeignPlatforms {
    private final Plan plan;
    private final PlanRequest request;
    private final Emulators emulators;
    private final Set<Vertex> exported = new HashSet<>();

    ForeignPlatforms(Plan plan, PlanRequest request, Emulators emulators) {
        this.plan = plan;
        this.request = request;
        this.emulators = emulators;
        plan.targets().forEach(target -> addRoots(target.vertex(), exported));
    }

    /// Finds out, before a vertex and what it stands on are run, whether this machine can run it.
    ///
    /// @return a hint if it will be emulated and may not have to be: a stage whose files are no part of
    ///     an image may as well run on this machine's processor and compile for the other one
    /// @throws SolveException if it is a process for a processor that neither this machine nor an
    ///     emulator is
    @Nullable
    String check(Vertex vertex) throws IOException, InterruptedException {
        if (!(vertex.op() instanceof Op.Exec exec)) {
            return null;
        }
        String stage = plan.graph().info(vertex).stage();
        return switch (emulators.of(exec.platform())) {
            case Emulation.Native _ -> null;
            case Emulation.Registered _, Emulation.Unregistered _ ->
                stage == null || exported.contains(vertex) ? null : hint(request.dockerfile(), stage);
            case Emulation.Missing(String reason, String remedy) ->
                throw new SolveException(
                        plan.graph().info(vertex),
                        new SandboxException("this machine (" + request.buildPlatform() + ") cannot run "
                                + exec.platform() + " programs: " + reason + "; " + remedy
                                + ", or cross-compile in a stage FROM --platform=$BUILDPLATFORM"));
        };
    }

    private static void addRoots(@Nullable Vertex vertex, Set<Vertex> roots) {
        Vertex next = vertex;
        while (next != null && roots.add(next)) {
            if (next.op() instanceof Op.Merge) {
                next.inputs().forEach(input -> addRoots(input, roots));
                return;
            }
            next = next.op().root() == Op.NONE
                    ? null
                    : next.inputs().get(next.op().root());
        }
    }

    private static @Nullable String hint(Dockerfile dockerfile, String name) {
        Stage stage = stage(dockerfile, name);
        if (stage == null || stage.from().platform() != null) {
            return null;
        }
        int from = stage.from().origin().span().start();
        return "the stage " + name
                + " is emulated, which is slow: if what it makes can be cross-compiled, begin it with"
                + " FROM --platform=$BUILDPLATFORM (" + dockerfile.source().place(from)
                + ") and build for $TARGETOS and $TARGETARCH";
    }

    /// The stage of this name, or the one that it begins with, whose platform it shares.
    private static @Nullable Stage stage(Dockerfile dockerfile, String name) {
        Stage found = null;
        String wanted = name;
        for (int i = dockerfile.stages().size() - 1; i >= 0; i--) {
            Stage stage = dockerfile.stages().get(i);
            String own = stage.name() == null ? "stage-" + i : stage.name();
            if (wanted.equals(own)) {
                found = stage;
                wanted = stage.from().image().text().toLowerCase(Locale.ROOT);
            }
        }
        return found;
    }
}
