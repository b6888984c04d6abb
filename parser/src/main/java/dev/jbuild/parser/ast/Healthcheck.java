package dev.jbuild.parser.ast;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// `HEALTHCHECK NONE` or `HEALTHCHECK [flags] CMD COMMAND`.
///
/// @param test the command, or null for `NONE`
/// @param interval null where the flag is absent: a base image's value then stays
public record Healthcheck(
        @Nullable Command test,
        @Nullable Duration interval,
        @Nullable Duration timeout,
        @Nullable Duration startPeriod,
        @Nullable Duration startInterval,
        @Nullable Integer retries,
        Origin origin)
        implements Instruction {

    /// Whether this is `HEALTHCHECK NONE`.
    public boolean isNone() {
        return test == null;
    }
}
