/// What a build says while it runs.
/// May import `graph`.
@NullMarked
package dev.jbuild.solver.event;

import org.jspecify.annotations.NullMarked;
