package dev.jbuild.solver.sandbox;

/// How the processes of RUN are kept apart from the machine: the rungs of a ladder, strongest first.
public enum Isolation {
    /// The strongest that the machine allows.
    AUTO,
    /// An OCI runtime: crun or runc.
    OCI,
    /// Namespaces made with util-linux.
    NAMESPACES,
    /// A changed root and fewer capabilities; processes of the machine stay visible.
    CHROOT
}
