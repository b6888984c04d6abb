package dev.jbuild.parser.ast;

/// `ONBUILD INSTRUCTION`.
///
/// @param trigger the text that a build on top of this image parses, here-document bodies included
/// @param instruction the same, as it stands in this source
public record OnBuild(String trigger, Instruction instruction, Origin origin) implements Instruction {}
