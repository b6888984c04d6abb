package dev.jbuild.parser;

import dev.jbuild.parser.ast.Word;
import dev.jbuild.parser.source.Span;
import org.jspecify.annotations.Nullable;

/// One `--name[=value]` behind a keyword.
///
/// @param name without the dashes
/// @param value null without `=`; its quotes are removed
/// @param span all of it
record Flag(Word name, @Nullable MappedText value, Span span) {}
