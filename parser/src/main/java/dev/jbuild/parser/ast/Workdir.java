package dev.jbuild.parser.ast;

/// `WORKDIR PATH`, the rest of the line as one word.
public record Workdir(Word path, Origin origin) implements Instruction {}
