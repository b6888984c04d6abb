/// What is allowed in a Dockerfile, and better written otherwise: rules with the names that BuildKit gave them.
/// May import `source`, `ignore`, `ast` and `word`.
@NullMarked
package dev.jbuild.parser.lint;

import org.jspecify.annotations.NullMarked;
