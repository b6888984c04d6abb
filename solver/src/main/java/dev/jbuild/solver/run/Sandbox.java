package dev.jbuild.solver.run;

import dev.jbuild.solver.graph.Network;
import java.nio.file.Path;
import java.util.List;

/// A process about to run: what, as whom, and what it sees.
///
/// @param rootfs the mounted, writable root
/// @param work an empty directory for the runtime's own files
/// @param mounts in the order in which they are made, parents before children
/// @param stdio where its standard streams lead
record Sandbox(
        Path rootfs,
        Path work,
        List<String> args,
        List<String> env,
        String cwd,
        Identity identity,
        List<SandboxMount> mounts,
        Network network,
        String hostname,
        Stdio stdio) {
    Sandbox {
        args = List.copyOf(args);
        env = List.copyOf(env);
        mounts = List.copyOf(mounts);
    }

    /// The numbers a process runs under.
    record Identity(int uid, int gid, List<Integer> groups, String home) {
        Identity {
            groups = List.copyOf(groups);
        }
    }

    /// A file or directory of the machine, or an empty tmpfs, at an absolute path of the sandbox.
    sealed interface SandboxMount {
        String target();

        record Bind(Path source, String target, boolean readOnly) implements SandboxMount {}

        record Tmpfs(String target, long size) implements SandboxMount {}
    }
}
