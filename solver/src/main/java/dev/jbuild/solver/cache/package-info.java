/// Cache keys that name every input, and the index from keys to results.
/// May import `graph`, `event` and `context`.
@NullMarked
package dev.jbuild.solver.cache;

import org.jspecify.annotations.NullMarked;
