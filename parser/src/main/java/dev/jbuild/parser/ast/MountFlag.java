package dev.jbuild.parser.ast;

import dev.jbuild.parser.source.Span;
import java.util.List;

/// The value of one `--mount`, split at its commas and not expanded. What can be checked without knowing variables has
/// been checked.
public record MountFlag(List<MountOption> options, Span span) {
    public MountFlag {
        options = List.copyOf(options);
    }
}
