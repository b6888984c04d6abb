package dev.jbuild.cli.explore;

/// An instruction that an image was made with.
///
/// @param instruction as the image's history has it; empty if that does not know
/// @param place the file and line of the Dockerfile, such as `Dockerfile:12`; empty if nobody wrote it down
/// @param layer the layer it made, 0 being the lowest; -1 if it made none
public record Step(String instruction, String place, int layer) {}
