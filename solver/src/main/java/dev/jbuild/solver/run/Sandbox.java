package dev.jbuild.solver.run;

import dev.jbuild.solver.graph.Network;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A process about to run: what, as whom, and what it sees.
///
/// @param rootfs the mounted, writable root
/// @param work an empty directory for the runtime's own files
/// @param env may hold secrets: it is never to be written to disk, nor to stand on a command line
/// @param mask hides secrets in the output
/// @param mounts in the order in which they are made, parents before children
/// @param user the user namespace to run in, null for that of this process
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
        Mask mask,
        @Nullable UserNamespace user) {
    Sandbox {
        args = List.copyOf(args);
        env = List.copyOf(env);
        mounts = List.copyOf(mounts);
    }

    /// Makes this the environment of a child: on a command line every user of the machine could read it.
    void setEnvironment(Map<String, String> environment) {
        environment.clear();
        for (String variable : env) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
    }

    /// The numbers a process runs under.
    record Identity(int uid, int gid, List<Integer> groups, String home) {
        Identity {
            groups = List.copyOf(groups);
        }
    }

    /// Numbers of users or groups, each of which is itself on the other side too.
    record IdRange(long first, long count) {}

    /// A user namespace that is there.
    ///
    /// @param path its file in /proc
    record UserNamespace(Path path, List<IdRange> users, List<IdRange> groups) {
        UserNamespace {
            users = List.copyOf(users);
            groups = List.copyOf(groups);
        }

        /// The words before a command that has to join it.
        List<String> entry(Programs programs) {
            return List.of(programs.need("nsenter").toString(), "--user=" + path, "--preserve-credentials", "--");
        }
    }

    /// A file or directory of the machine, or an empty tmpfs, at an absolute path of the sandbox.
    sealed interface SandboxMount {
        String target();

        record Bind(Path source, String target, boolean readOnly) implements SandboxMount {}

        record Tmpfs(String target, long size) implements SandboxMount {}
    }
}
