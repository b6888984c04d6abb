/// The patterns of a .dockerignore file.
/// May import `source`.
@NullMarked
package dev.jbuild.parser.ignore;

import org.jspecify.annotations.NullMarked;
