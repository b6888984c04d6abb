package dev.jbuild.solver.plan;

import dev.jbuild.solver.graph.ExecLimits;
import dev.jbuild.solver.graph.Network;
import java.util.List;
import java.util.Set;

/// What every RUN gets that does not say otherwise, and what it may ask for.
///
/// @param hosts more lines of /etc/hosts, `name=address`
public record RunSettings(Network network, List<String> hosts, ExecLimits limits, Set<Entitlement> allowed) {
    public static final RunSettings USUAL = new RunSettings(Network.DEFAULT, List.of(), ExecLimits.NONE, Set.of());

    public RunSettings {
        hosts = List.copyOf(hosts);
        allowed = Set.copyOf(allowed);
    }
}
