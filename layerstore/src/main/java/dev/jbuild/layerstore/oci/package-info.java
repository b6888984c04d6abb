/// Values of the OCI image specification and of the distribution specification.
/// Imports no other package of this module.
@NullMarked
package dev.jbuild.layerstore.oci;

import org.jspecify.annotations.NullMarked;
