package dev.jbuild.parser.ignore;

/// A pattern, and which one it is of its file.
record Rule(int number, PathPattern pattern) {}
