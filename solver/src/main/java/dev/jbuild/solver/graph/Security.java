package dev.jbuild.solver.graph;

import java.util.Locale;

/// How much a process may do to the machine.
public enum Security {
    /// What Docker lets a container do.
    SANDBOX,
    /// Every capability and every device that this process has itself.
    INSECURE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
