package dev.jbuild.solver.context;

/// A file or directory that a [Selection] names.
///
/// @param name the last name of the path by which it was selected: what it is called in the destination, unless that
///     says otherwise. Not necessarily its own name, as it may have been reached by a symbolic link
/// @param file the file, with its path in the tree; no symbolic link
public record Match(String name, TreeEntry file) {}
