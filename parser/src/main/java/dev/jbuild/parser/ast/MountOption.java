package dev.jbuild.parser.ast;

import org.jspecify.annotations.Nullable;

/// One `KEY=VALUE` of a mount, or a `KEY` alone. The key is as written; keys are compared in lower case.
public record MountOption(Word key, @Nullable Word value) {}
