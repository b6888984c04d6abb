/// Operations and the graph they form; LLB's kinds of operation, with the same meaning.
/// Imports no other package of this module.
@NullMarked
package dev.jbuild.solver.graph;

import org.jspecify.annotations.NullMarked;
