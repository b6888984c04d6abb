/// Layers as tar streams: deterministic when written, contained when applied.
/// May import `kernel`, `oci` and `content`.
@NullMarked
package dev.jbuild.layerstore.archive;

import org.jspecify.annotations.NullMarked;
