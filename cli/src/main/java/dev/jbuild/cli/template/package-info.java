/// Go's templates as far as `--format` of Docker's commands needs them, over plain values: strings, numbers, booleans,
/// lists, maps and [Struct]s.
/// May import `report` and the parser's suggestions.
@NullMarked
package dev.jbuild.cli.template;

import org.jspecify.annotations.NullMarked;
