package dev.jbuild.parser.ast;

/// `ENTRYPOINT COMMAND`.
public record Entrypoint(Command command, Origin origin) implements Instruction {}
