package dev.jbuild.parser.source;

/// Whether a [Diagnostic] stops the build.
public enum Severity {
    ERROR,
    WARNING
}
