/// The distribution API: names to manifests, blobs in and out.
/// May import `oci` and `content`.
@NullMarked
package dev.jbuild.layerstore.registry;

import org.jspecify.annotations.NullMarked;
