package dev.jbuild.parser.ast;

/// `MAINTAINER NAME`, the rest of the line as one word that is never expanded.
public record Maintainer(Word name, Origin origin) implements Instruction {}
