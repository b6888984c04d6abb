package dev.jbuild.parser.ast;

import org.jspecify.annotations.Nullable;

/// One `NAME[=DEFAULT]` of an `ARG`.
///
/// @param description the comment before the instruction that begins with the name, without the name
public record ArgDefinition(
        Word name, @Nullable Word value, @Nullable String description) {}
