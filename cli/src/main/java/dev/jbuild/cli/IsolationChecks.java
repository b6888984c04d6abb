package dev.jbuild.cli;

import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.Io;
import dev.jbuild.layerstore.kernel.Capability;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.sandbox.ProcessFiles;
import dev.jbuild.solver.sandbox.Programs;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How the processes of RUN can be kept apart here.
final class IsolationChecks {
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final List<String> UTIL_LINUX = List.of("unshare", "mount", "setpriv", "nsenter");

    private final Programs programs;
    private final Io io;

    IsolationChecks(Programs programs, Io io) {
        this.programs = programs;
        this.io = io;
    }

    /// @param store what was found out about mounts in the store's place
    List<Check> run(StoreChecks store) throws IOException, InterruptedException {
        List<Check> checks = new ArrayList<>();
        Optional<Path> crun = programs.find("crun");
        Optional<Path> runc = programs.find("runc");
        crun.ifPresent(path -> checks.add(Check.ok("crun", version(path))));
        runc.ifPresent(path -> checks.add(Check.ok("runc", version(path))));
        List<String> missing = UTIL_LINUX.stream()
                .filter(program -> programs.find(program).isEmpty())
                .toList();
        if (missing.isEmpty()) {
            checks.add(Check.ok("util-linux", String.join(", ", UTIL_LINUX)));
        } else {
            String remedy = "install util-linux (apt-get install util-linux)";
            checks.add(Check.limited("util-linux", "no " + String.join(", ", missing) + " on PATH", remedy));
        }
        checks.add(cgroups());
        checks.addAll(new Ladder(new LadderFacts(
                        io.namespace(),
                        store.mayMount(),
                        Kernel.has(Capability.SYS_CHROOT) && Kernel.has(Capability.SETUID),
                        Kernel.has(Capability.MKNOD),
                        store.overlayFailure(),
                        StoreLocation.snapshotter(io),
                        missing.isEmpty() && ProcessFiles.canBeMounted(programs),
                        crun.isPresent() ? "crun" : runc.isPresent() ? "runc" : null,
                        missing,
                        forbidden()))
                .checks());
        return checks;
    }

    private static String forbidden() {
        if (is("/proc/sys/kernel/unprivileged_userns_clone", "0")) {
            return "sysctl kernel.unprivileged_userns_clone=1";
        }
        if (is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")) {
            return "sysctl kernel.apparmor_restrict_unprivileged_userns=0, or an AppArmor profile that allows userns";
        }
        if (is("/proc/sys/user/max_user_namespaces", "0")) {
            return "sysctl user.max_user_namespaces=10000";
        }
        return "run as root, or with CAP_SYS_ADMIN; in a container, with a seccomp profile that allows unshare";
    }

    private static boolean is(String file, String value) {
        try {
            return Files.readString(Path.of(file)).strip().equals(value);
        } catch (IOException e) {
            // This kernel has no such switch.
            return false;
        }
    }

    private static Check cgroups() {
        if (Files.exists(CGROUPS.resolve("cgroup.controllers"))) {
            return Check.ok("cgroups", "version 2");
        }
        if (Files.isDirectory(CGROUPS.resolve("unified"))) {
            return Check.ok("cgroups", "versions 1 and 2 side by side; hidden from the OCI runtime");
        }
        return Files.isDirectory(CGROUPS.resolve("memory"))
                ? Check.ok("cgroups", "version 1")
                : Check.ok("cgroups", "none; not needed");
    }

    /// The first line of what `--version` says.
    static String version(Path program) {
        try {
            Process process = new ProcessBuilder(program.toString(), "--version")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            try (var lines = process.inputReader()) {
                String first = lines.readLine();
                lines.transferTo(Writer.nullWriter());
                return (first == null ? "says nothing of its version" : first) + ", " + program;
            }
        } catch (IOException e) {
            return "cannot be started: " + e.getMessage();
        }
    }
}
