package dev.jbuild.layerstore.archive;

/// What went through when a layer was written or applied.
///
/// @param entries how many archive entries
/// @param bytes the apparent size of the files
/// @param whiteouts how many of the entries remove something, opaque directories included
/// @param root whether there was an entry for the root directory itself
/// @param complete whether the layer means the same whatever lies below it: it has an entry for every directory
public record LayerSummary(long entries, long bytes, long whiteouts, boolean root, boolean complete) {}
