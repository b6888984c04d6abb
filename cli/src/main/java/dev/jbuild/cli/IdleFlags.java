package dev.jbuild.cli;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Options.Parsed;
import java.util.ArrayList;
import java.util.List;

/// Flags that `docker build` has from its first builder, or that name a daemon: scripts pass them, and they do nothing
/// here. They are taken, so that such scripts work, and told of where leaving them out changes what comes out.
final class IdleFlags {
    private static final String SQUASH = "--squash";
    private static final String SECURITY = "--security-opt";

    private IdleFlags() {}

    static Options declare(Options options) {
        return options.hiddenFlag("--rm")
                .hiddenFlag("--force-rm")
                .hiddenFlag("--compress")
                .hiddenFlag(SQUASH)
                .hidden(SECURITY)
                .hidden("--builder");
    }

    /// What somebody who passed them has to know.
    static List<String> warnings(Parsed parsed) {
        List<String> warnings = new ArrayList<>();
        if (parsed.has(SQUASH)) {
            warnings.add(SQUASH + " does nothing: copy what is wanted into a last stage of its own instead");
        }
        parsed.value(SECURITY)
                .ifPresent(value -> warnings.add(SECURITY + "=" + value
                        + " does nothing: RUN has Docker's default profile; see RUN --security and --allow"));
        return warnings;
    }
}
