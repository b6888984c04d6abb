package dev.jbuild.parser.ast;

import org.jspecify.annotations.Nullable;

/// `FROM [--platform=P] IMAGE [AS NAME]`: begins a build stage.
///
/// @param name as written; stage names are compared in lower case
public record From(
        Word image, @Nullable Word name, @Nullable Word platform, Origin origin) implements Instruction {}
