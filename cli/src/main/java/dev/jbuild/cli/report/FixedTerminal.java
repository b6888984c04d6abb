package dev.jbuild.cli.report;

/// A terminal, or none, whose facts are given.
record FixedTerminal(boolean input, boolean output, boolean error, Size size) implements Terminal {
    static final FixedTerminal NONE = new FixedTerminal(false, false, false, DEFAULT_SIZE);
}
