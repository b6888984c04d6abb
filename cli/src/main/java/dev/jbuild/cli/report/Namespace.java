package dev.jbuild.cli.report;

import org.jspecify.annotations.Nullable;

/// What the launcher put around this process, as it says in a system property.
public enum Namespace {
    /// Nothing: the command needs no mounts.
    OUTER,
    /// A mount namespace: the user may mount.
    MOUNT,
    /// A user namespace that maps the user's subordinate IDs, and a mount namespace.
    USER,
    /// A user namespace that maps one user only, and a mount namespace.
    USER_SINGLE,
    /// Nothing, because the machine does not allow it.
    NONE;

    /// The property that holds one of the words.
    static final String PROPERTY = "jbuild.namespace";

    static Namespace parse(@Nullable String word) {
        return switch (word == null ? "" : word) {
            case "mount" -> MOUNT;
            case "user" -> USER;
            case "user-single" -> USER_SINGLE;
            case "none" -> NONE;
            default -> OUTER;
        };
    }

    /// Whether user 0 in here is somebody else outside.
    public boolean mapsUsers() {
        return this == USER || this == USER_SINGLE;
    }
}
