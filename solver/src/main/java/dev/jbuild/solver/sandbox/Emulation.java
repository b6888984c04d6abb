package dev.jbuild.solver.sandbox;

import java.nio.file.Path;

/// How this machine runs the programs of a platform.
public sealed interface Emulation {
    /// By itself.
    record Native() implements Emulation {}

    /// With an emulator that the kernel knows of.
    record Registered() implements Emulation {}

    /// With an emulator that a build makes known to the kernel for its own processes and for as long as
    /// it runs.
    record Unregistered(Path emulator) implements Emulation {}

    /// Not at all.
    ///
    /// @param reason a clause, to stand behind "cannot run linux/arm64 programs: "
    /// @param remedy what to do, a clause too
    record Missing(String reason, String remedy) implements Emulation {}
}
