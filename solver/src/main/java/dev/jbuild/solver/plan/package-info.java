/// From instructions to operations: one translator per instruction.
/// May import `graph`, `event`, `context` and `cache`.
@NullMarked
package dev.jbuild.solver.plan;

import org.jspecify.annotations.NullMarked;
