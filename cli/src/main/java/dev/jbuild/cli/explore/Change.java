package dev.jbuild.cli.explore;

/// What one layer does to one path.
///
/// @param layer the layer's place, 0 being the lowest
/// @param state the path as the layer has it; of a removal, as it was before
public record Change(int layer, ChangeKind kind, FileState state) {}
