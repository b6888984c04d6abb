package dev.jbuild.solver.cache;

import dev.jbuild.solver.graph.KeyPart;
import java.time.Duration;
import java.util.List;

/// What the index holds under a key.
///
/// @param name the progress line of the step that made the result
/// @param parts the key in parts, to be compared when a later build misses
/// @param duration how long the step took
public record CacheRecord(Result result, String name, List<KeyPart> parts, Duration duration) {
    public CacheRecord {
        parts = List.copyOf(parts);
    }
}
