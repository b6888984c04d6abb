package dev.jbuild.solver.graph;

import java.util.List;

/// A limit of the kernel's on each process: what it starts with, and how far it may raise that itself.
///
/// @param name as in `ulimit` and prlimit(1): `nofile`
/// @param soft [#UNLIMITED] for none
/// @param hard [#UNLIMITED] for none
public record Ulimit(String name, long soft, long hard) {
    public static final long UNLIMITED = -1;

    /// The limits that Linux has.
    public static final List<String> NAMES = List.of(
            "as",
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    public Ulimit {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(
                    "no limit is called " + name + "; there are " + String.join(", ", NAMES));
        }
        if (soft < UNLIMITED || hard < UNLIMITED) {
            throw new IllegalArgumentException("a limit is a number, or -1 for none");
        }
        if (hard != UNLIMITED && (soft == UNLIMITED || soft > hard)) {
            throw new IllegalArgumentException("the soft limit must not be higher than the hard limit");
        }
    }

    @Override
    public String toString() {
        return name + "=" + soft + ":" + hard;
    }
}
