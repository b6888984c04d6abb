package dev.jbuild.solver.graph;

/// The network that a process of the build sees.
public enum Network {
    /// The machine's network.
    DEFAULT,
    /// A loopback interface and nothing else.
    NONE,
    /// The machine's network, asked for by name.
    HOST;

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
