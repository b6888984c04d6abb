package dev.jbuild.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A container as a CI job gets it: root with Docker's fourteen capabilities, and a filter that refuses mounts and
/// namespaces. It sees this machine's programs, and one directory that it may write to. What it writes below
/// [#overlay()] lies on an overlay, as the file system of a container does.
record BareContainer(Path bundle, Path writable, List<Path> readable) {
    private static final List<String> CAPABILITIES = List.of(
            "CAP_AUDIT_WRITE",
            "CAP_CHOWN",
            "CAP_DAC_OVERRIDE",
            "CAP_FOWNER",
            "CAP_FSETID",
            "CAP_KILL",
            "CAP_MKNOD",
            "CAP_NET_BIND_SERVICE",
            "CAP_NET_RAW",
            "CAP_SETFCAP",
            "CAP_SETGID",
            "CAP_SETPCAP",
            "CAP_SETUID",
            "CAP_SYS_CHROOT");
    private static final List<String> SYSTEM = List.of("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc");
    /// crun refuses a machine with both versions of control groups, although none is used here.
    private static final String RUN = """
            mount -t tmpfs none /sys/fs/cgroup
            mount -t overlay none -o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" "$1/overlay"
            exec crun --root "$1/state" --cgroup-manager=disabled run --bundle "$1" "jbuild-test-$$"
            """;

    static BareContainer in(Path bundle, Path writable, Path... readable) throws IOException {
        assumeTrue(Shell.has("crun"), "crun is not here: run testdata/prepare");
        Files.createDirectories(bundle.resolve("root"));
        for (String directory : List.of("state", "lower", "upper", "work", "overlay")) {
            Files.createDirectories(bundle.resolve(directory));
        }
        return new BareContainer(bundle, writable, List.of(readable));
    }

    /// A writable directory inside that lies on an overlay.
    Path overlay() {
        return bundle.resolve("overlay");
    }

    /// What was written there, as seen from outside.
    Path written() {
        return bundle.resolve("upper");
    }

    /// Runs a command in a new container.
    Outcome run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        return Installation.start(prepare(environment, command));
    }

    /// The same, not yet started.
    ProcessBuilder prepare(Map<String, String> environment, List<String> command) throws IOException {
        List<String> env = new ArrayList<>(List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
        environment.forEach((name, value) -> env.add(name + "=" + value));
        StringBuilder mounts = new StringBuilder();
        for (String system : SYSTEM) {
            if (Files.exists(Path.of(system))) {
                mounts.append(bind(Path.of(system), "ro"));
            }
        }
        readable.forEach(path -> mounts.append(bind(path, "ro")));
        mounts.append(bind(writable, "rw"));
        mounts.append(bind(overlay(), "rw"));
        Files.writeString(
                bundle.resolve("config.json"), config(quoted(command), quoted(env), quoted(CAPABILITIES), mounts));
        return Installation.prepare(
                bundle,
                Map.of(),
                List.of("unshare", "--mount", "--propagation", "private", "sh", "-euc", RUN, "sh", bundle.toString()));
    }

    private static String config(String args, String env, String capabilities, CharSequence mounts) {
        return """
            {
              "ociVersion": "1.0.2",
              "process": {
                "user": {"uid": 0, "gid": 0},
                "cwd": "/",
                "args": [%1$s],
                "env": [%2$s],
                "capabilities": {"bounding": [%3$s], "effective": [%3$s], "permitted": [%3$s]}
              },
              "root": {"path": "root"},
              "mounts": [
                {"destination": "/proc", "type": "proc", "source": "proc"},
                {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
                {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs"}%4$s
              ],
              "linux": {
                "namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}],
                "maskedPaths": ["/proc/kcore", "/proc/keys"],
                "readonlyPaths": ["/proc/sys"],
                "seccomp": {
                  "defaultAction": "SCMP_ACT_ALLOW",
                  "syscalls": [
                    {"action": "SCMP_ACT_ERRNO", "errnoRet": 1, "names": ["unshare", "setns", "mount", "umount2",
                      "mount_setattr", "move_mount", "open_tree", "fsopen", "fsmount", "fspick", "pivot_root"]},
                    {"action": "SCMP_ACT_ERRNO", "errnoRet": 38, "names": ["clone3"]},
                    {"action": "SCMP_ACT_ERRNO", "errnoRet": 1, "names": ["clone"],
                      "args": [{"index": 0, "value": 268435456, "valueTwo": 268435456, "op": "SCMP_CMP_MASKED_EQ"}]}
                  ]
                }
              }
            }
            """.formatted(args, env, capabilities, mounts);
    }

    private static String bind(Path path, String mode) {
        return """
                ,
                    {"destination": "%s", "source": "%1$s", "type": "bind", "options": ["rbind", "rprivate", "%s"]}""".formatted(path, mode);
    }

    private static String quoted(List<String> words) {
        return "\"" + String.join("\", \"", words) + "\"";
    }
}
