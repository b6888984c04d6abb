package dev.jbuild.layerstore.oci;

import java.time.Duration;
import java.util.List;

/// How a container's health is asked for. A zero stands for the runtime's default.
///
/// @param test `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", "…"]`; empty inherits the test
public record Healthcheck(
        List<String> test,
        Duration interval,
        Duration timeout,
        Duration startPeriod,
        Duration startInterval,
        int retries) {
    public Healthcheck {
        test = List.copyOf(test);
        notNegative("interval", interval);
        notNegative("timeout", timeout);
        notNegative("start period", startPeriod);
        notNegative("start interval", startInterval);
        if (retries < 0) {
            throw new IllegalArgumentException("retries of a health check are negative: " + retries);
        }
    }

    /// The health check that switches off an inherited one.
    public static Healthcheck none() {
        return new Healthcheck(List.of("NONE"), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 0);
    }

    private static void notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " of a health check is negative: " + value);
        }
    }
}
