package dev.jbuild.solver;

import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.graph.Vertex;
import dev.jbuild.solver.plan.Plan;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.run.Emulation;
import dev.jbuild.solver.run.Emulators;
import dev.jbuild.solver.run.SandboxException;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a build has to do with processors that this machine does not have.
final class ForeignPlatforms {
    private ForeignPlatforms() {}

    /// Finds out before anything runs whether this machine can run what the build asks it to.
    ///
    /// @return hints for vertices that will be emulated and may not have to be: a stage whose files are
    ///     no part of an image may as well run on this machine's processor and compile for the other
    ///     one
    /// @throws SolveException at the first process for a processor that neither this machine nor an
    ///     emulator is
    static Map<Vertex, String> check(Plan plan, PlanRequest request, Emulators emulators)
            throws IOException, InterruptedException {
        Set<Vertex> exported = new HashSet<>();
        plan.targets().forEach(target -> addRoots(target.vertex(), exported));
        Map<Vertex, String> hints = new HashMap<>();
        for (Vertex vertex : plan.graph().vertices()) {
            if (!(vertex.op() instanceof Op.Exec exec)) {
                continue;
            }
            String stage = plan.graph().info(vertex).stage();
            switch (emulators.of(exec.platform())) {
                case Emulation.Native _ -> {}
                case Emulation.Registered _, Emulation.Unregistered _ -> {
                    if (stage != null && !exported.contains(vertex)) {
                        String hint = hint(request.dockerfile(), stage);
                        if (hint != null) {
                            hints.put(vertex, hint);
                        }
                    }
                }
                case Emulation.Missing(String reason, String remedy) ->
                    throw new SolveException(
                            plan.graph().info(vertex),
                            new SandboxException("this machine (" + request.buildPlatform() + ") cannot run "
                                    + exec.platform() + " programs: " + reason + "; " + remedy
                                    + ", or cross-compile in a stage FROM --platform=$BUILDPLATFORM"));
            }
        }
        return hints;
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
