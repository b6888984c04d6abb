package dev.jbuild.parser.ast;

/// `USER NAME[:GROUP]`, the rest of the line as one word.
public record User(Word user, Origin origin) implements Instruction {}
