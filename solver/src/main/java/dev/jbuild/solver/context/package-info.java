/// The files a build may see, and the content hash of exactly the selected ones.
/// May import `graph` and `event`.
@NullMarked
package dev.jbuild.solver.context;

import org.jspecify.annotations.NullMarked;
