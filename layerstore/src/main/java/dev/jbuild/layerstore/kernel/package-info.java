/// The few Linux calls that Java does not make, and nothing else; the only native package.
/// Imports no other package of this module.
@NullMarked
package dev.jbuild.layerstore.kernel;

import org.jspecify.annotations.NullMarked;
