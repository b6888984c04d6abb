/// Texts, places in them, and what is wrong there.
/// Imports no other package of this module.
@NullMarked
package dev.jbuild.parser.source;

import org.jspecify.annotations.NullMarked;
