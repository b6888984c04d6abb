package dev.jbuild.solver.file;

import org.jspecify.annotations.Nullable;

/// The owner and permissions that an instruction asks for.
///
/// @param owner null if it does not say
/// @param mode null if it does not say
record NewMetadata(@Nullable FileOwner owner, @Nullable ModeChange mode) {
    FileOwner ownerOr(FileOwner other) {
        return owner == null ? other : owner;
    }

    int permissions(int permissions, boolean directory) {
        return mode == null ? permissions : mode.apply(permissions, directory);
    }

    /// Those of a directory that has no counterpart in the source: there is nothing that a symbolic mode could change.
    int permissionsOfParent(int permissions) {
        return mode == null || !mode.replaces() ? permissions : mode.apply(permissions, true);
    }
}
