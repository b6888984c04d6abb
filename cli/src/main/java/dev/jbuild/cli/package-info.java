/// The commands; the only code that prints, reads the clock and the environment, and exits.
/// May import every other package of this module.
@NullMarked
package dev.jbuild.cli;

import org.jspecify.annotations.NullMarked;
