/// What COPY and ADD do with files.
/// May import `sandbox` and the packages before it.
@NullMarked
package dev.jbuild.solver.file;

import org.jspecify.annotations.NullMarked;
