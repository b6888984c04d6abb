/// The door to the Dockerfile language: text in, [dev.jbuild.parser.ast.Dockerfile] out.
/// May import every other package of this module.
@NullMarked
package dev.jbuild.parser;

import org.jspecify.annotations.NullMarked;
