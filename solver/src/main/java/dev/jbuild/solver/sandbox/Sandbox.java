package dev.jbuild.solver.sandbox;

import dev.jbuild.solver.graph.ExecLimits;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.graph.Security;
import dev.jbuild.solver.graph.Ulimit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A process about to run: what, as whom, and what it sees.
///
/// @param rootfs the mounted, writable root
/// @param work an empty directory for the runtime's own files
/// @param env may hold secrets: it is never to be written to disk, nor to stand on a command line
/// @param mask hides secrets in the output
/// @param groups the files by which a process enters its control groups
/// @param groupPath where below the root of the tree of version 2 its group is, empty if it has none there
/// @param mounts in the order in which they are made, parents before children
/// @param stdio where its standard streams lead
/// @param user the user namespace to run in, null for that of this process
public record Sandbox(
        Path rootfs,
        Path work,
        List<String> args,
        List<String> env,
        String cwd,
        Identity identity,
        List<SandboxMount> mounts,
        Network network,
        String hostname,
        Security security,
        ExecLimits limits,
        List<Path> groups,
        String groupPath,
        Mask mask,
        Stdio stdio,
        @Nullable UserNamespace user) {
    public Sandbox {
        groups = List.copyOf(groups);
        args = List.copyOf(args);
        env = List.copyOf(env);
        mounts = List.copyOf(mounts);
    }

    /// Makes this the environment of a child: on a command line every user of the machine could read it.
    void setEnvironment(Map<String, String> environment) {
        environment.clear();
        for (String variable : LoaderVariables.without(env)) {
            int equals = variable.indexOf('=');
            if (equals > 0) {
                environment.put(variable.substring(0, equals), variable.substring(equals + 1));
            }
        }
    }

    /// Whether it gets all that this process has itself.
    boolean insecure() {
        return security == Security.INSECURE;
    }

    /// The first words of every command: it ends with this process, and is in its control groups before anything else.
    List<String> start(Programs programs) {
        List<String> command = new ArrayList<>(List.of(programs.need("setpriv").toString(), "--pdeathsig", "KILL"));
        if (!groups.isEmpty()) {
            String enter = "echo 0 >\"$1\" && shift && ".repeat(groups.size()) + "exec \"$@\"";
            command.addAll(List.of(programs.need("sh").toString(), "-c", enter, "sh"));
            groups.forEach(group -> command.add(group.toString()));
        }
        return command;
    }

    /// The same, but for where the file of its user namespace is found.
    Sandbox joining(UserNamespace namespace) {
        return new Sandbox(
                rootfs, work, args, env, cwd, identity, mounts, network, hostname, security, limits, groups, groupPath,
                mask, stdio, namespace);
    }

    /// The words before a command that give it its limits, where no runtime does.
    List<String> limited(Programs programs) {
        if (limits.ulimits().isEmpty()) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of(programs.need("prlimit").toString()));
        for (Ulimit ulimit : limits.ulimits()) {
            command.add("--" + ulimit.name() + "=" + text(ulimit.soft()) + ":" + text(ulimit.hard()));
        }
        return command;
    }

    private static String text(long limit) {
        return limit == Ulimit.UNLIMITED ? "unlimited" : Long.toString(limit);
    }

    /// The numbers a process runs under.
    public record Identity(int uid, int gid, List<Integer> groups, String home) {
        public Identity {
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

        /// The same, whose file is found here.
        UserNamespace at(Path place) {
            return new UserNamespace(place, users, groups);
        }

        /// The words before a command that has to join it.
        List<String> entry(Programs programs) {
            return List.of(programs.need("nsenter").toString(), "--user=" + path, "--preserve-credentials", "--");
        }
    }

    /// A file or directory of the machine, or an empty tmpfs, at an absolute path of the sandbox.
    public sealed interface SandboxMount {
        String target();

        /// Whether its place has to be a directory; else it is a file.
        boolean isDirectory();

        record Bind(Path source, String target, boolean readOnly) implements SandboxMount {
            @Override
            public boolean isDirectory() {
                return Files.isDirectory(source);
            }
        }

        record Tmpfs(String target, long size) implements SandboxMount {
            @Override
            public boolean isDirectory() {
                return true;
            }
        }
    }
}
