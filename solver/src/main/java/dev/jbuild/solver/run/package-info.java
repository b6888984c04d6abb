/// One runner per kind of operation, and failed processes to look at.
/// May import every package of this module but `plan` and the root.
@NullMarked
package dev.jbuild.solver.run;

import org.jspecify.annotations.NullMarked;
