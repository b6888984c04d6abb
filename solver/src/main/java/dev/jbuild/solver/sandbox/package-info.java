/// Processes in a root file system: isolation, limits, emulation of other processors, and what they print.
/// May import `context` and the packages before it.
@NullMarked
package dev.jbuild.solver.sandbox;

import org.jspecify.annotations.NullMarked;
