package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Digest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A remote file, pinned.
///
/// @param lastModified null if the server does not say
public record ResolvedFile(Digest content, @Nullable Instant lastModified) {}
