/// The door to building: a request in, images out.
/// May import every other package of this module.
@NullMarked
package dev.jbuild.solver;

import org.jspecify.annotations.NullMarked;
