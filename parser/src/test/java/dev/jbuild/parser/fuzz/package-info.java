/// What a coverage-guided fuzzer feeds, and how it is run; for the tests of this and of other modules.
@NullMarked
package dev.jbuild.parser.fuzz;

import org.jspecify.annotations.NullMarked;
