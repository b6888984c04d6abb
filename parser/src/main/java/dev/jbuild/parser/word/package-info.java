/// Environment replacement in words, as a pure function.
/// May import `source` and `ast`.
@NullMarked
package dev.jbuild.parser.word;

import org.jspecify.annotations.NullMarked;
