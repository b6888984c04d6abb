package dev.jbuild.solver.sandbox;

/// Where the standard streams of a process lead.
public enum Stdio {
    /// Nothing comes in, and what goes out is heard line by line.
    LINES,
    /// To wherever those of this process lead.
    INHERITED,
    /// To the terminal of this process, through a terminal of its own where it has a sandbox that makes one.
    TERMINAL
}
