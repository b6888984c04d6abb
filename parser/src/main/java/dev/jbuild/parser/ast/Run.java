package dev.jbuild.parser.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// `RUN [flags] COMMAND`.
///
/// @param network `default`, `none` or `host`; never expanded
/// @param security `sandbox` or `insecure`; never expanded
public record Run(
        Command command,
        List<MountFlag> mounts,
        @Nullable Word network,
        @Nullable Word security,
        Origin origin) implements Instruction {
    public Run {
        mounts = List.copyOf(mounts);
    }
}
