package dev.jbuild.parser.ast;

/// One `KEY=VALUE`, or the only pair of the legacy form `KEY VALUE`.
public record KeyValue(Word key, Word value) {}
