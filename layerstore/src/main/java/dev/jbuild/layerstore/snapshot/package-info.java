/// Directory trees of layers, mounted one over the other.
/// May import `kernel`, `oci`, `content` and `archive`.
@NullMarked
package dev.jbuild.layerstore.snapshot;

import org.jspecify.annotations.NullMarked;
