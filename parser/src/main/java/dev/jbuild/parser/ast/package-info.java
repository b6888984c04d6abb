/// Instructions as written: nothing is expanded, every node has a span.
/// May import `source`.
@NullMarked
package dev.jbuild.parser.ast;

import org.jspecify.annotations.NullMarked;
