package dev.jbuild.parser.ast;

/// `STOPSIGNAL SIGNAL`, the rest of the line as one word.
public record StopSignal(Word signal, Origin origin) implements Instruction {}
