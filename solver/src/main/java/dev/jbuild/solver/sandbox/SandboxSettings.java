package dev.jbuild.solver.sandbox;

/// How processes of RUN are run, whichever they are. No part of a cache key: a step makes the same layer either way.
///
/// @param resources what the processes of one RUN may use together
/// @param measured whether to say what they used
public record SandboxSettings(Isolation isolation, Resources resources, boolean measured, NameServers nameServers) {
    public static final SandboxSettings DEFAULT =
            new SandboxSettings(Isolation.AUTO, Resources.NONE, false, NameServers.MACHINE);

    /// The same on another rung.
    public SandboxSettings with(Isolation other) {
        return new SandboxSettings(other, resources, measured, nameServers);
    }

    /// The same with other limits.
    public SandboxSettings with(Resources others) {
        return new SandboxSettings(isolation, others, measured, nameServers);
    }
}
