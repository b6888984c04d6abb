package dev.jbuild.parser.ast;

/// `CMD COMMAND`.
public record Cmd(Command command, Origin origin) implements Instruction {}
