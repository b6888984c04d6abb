/// Secrets and ssh agents: where they come from, and how a process gets at them.
/// May import `sandbox` and the packages before it.
@NullMarked
package dev.jbuild.solver.secret;

import org.jspecify.annotations.NullMarked;
