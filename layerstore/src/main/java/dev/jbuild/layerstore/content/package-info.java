/// Blobs by digest.
/// May import `kernel` and `oci`.
@NullMarked
package dev.jbuild.layerstore.content;

import org.jspecify.annotations.NullMarked;
