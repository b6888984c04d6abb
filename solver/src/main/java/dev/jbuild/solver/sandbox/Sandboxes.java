package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Capability;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Chooses how processes are kept apart.
public final class Sandboxes {
    private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);
    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

    private Sandboxes() {}

    /// The sandbox for this kind of isolation.
    ///
    /// @param place an empty directory; where this process may mount, a file system in memory is on it afterwards
    /// @throws SandboxException if it is asked for by name and cannot be had
    public static SandboxRunner open(Isolation isolation, Programs programs, Path place)
            throws IOException, InterruptedException {
        if (!Kernel.mayMount(place)) {
            return withoutMounts(isolation, programs);
        }
        Kernel.mountTmpfs(place, "mode=0700,size=256m");
        if (isolation != Isolation.CHROOT && !ProcessFiles.canBeMounted(programs)) {
            if (isolation == Isolation.AUTO) {
                return new NamespaceSandbox(programs, false);
            }
            throw new SandboxException("--isolation=" + name(isolation)
                    + " cannot be had: parts of /proc are masked here, and the kernel then lets no process namespace have"
                    + " one of its own; --isolation=chroot, which auto comes to here, shares this one");
        }
        return switch (isolation) {
            case AUTO -> {
                Optional<Path> runtime = runtime(programs);
                yield runtime.isPresent() ? oci(programs, runtime.get(), place) : new NamespaceSandbox(programs, true);
            }
            case OCI ->
                oci(
                        programs,
                        runtime(programs)
                                .orElseThrow(() -> new SandboxException(
                                        "no OCI runtime on PATH: install crun or runc, or use --isolation=namespaces")),
                        place);
            case NAMESPACES -> new NamespaceSandbox(programs, true);
            case CHROOT -> new NamespaceSandbox(programs, false);
        };
    }

    private static SandboxRunner withoutMounts(Isolation isolation, Programs programs) {
        return switch (isolation) {
            case AUTO, CHROOT -> {
                if (!Kernel.has(Capability.SYS_CHROOT) || !Kernel.has(Capability.SETUID)) {
                    throw new SandboxException("RUN cannot be run by this user: it takes user namespaces, or root with"
                            + " CAP_SYS_CHROOT and CAP_SETUID; jbuild doctor says what would allow them");
                }
                yield new ChrootSandbox(programs);
            }
            case OCI, NAMESPACES ->
                throw new SandboxException("--isolation="
                        + name(isolation)
                        + " cannot be had: this process may not mount (CAP_SYS_ADMIN); --isolation=chroot, which auto"
                        + " comes to here, does without");
        };
    }

    private static String name(Isolation isolation) {
        return isolation.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<Path> runtime(Programs programs) {
        return programs.find("crun").or(() -> programs.find("runc"));
    }

    private static SandboxRunner oci(Programs programs, Path runtime, Path place) throws IOException {
        Children.@Nullable Mounting mounts = null;
        if (runtime.endsWith("crun")) {
            if (Files.isDirectory(CGROUPS.resolve("unified"))) {
                // crun refuses a machine with both versions of control groups, although none is used here.
                mounts = () -> Kernel.mountTmpfs(CGROUPS, "mode=0755");
            }
        } else if (Files.isDirectory(CGROUPS) && !Files.exists(CGROUPS.resolve("cgroup.controllers"))) {
            // runc makes a group in each tree of version 1, which costs time and fails where one is out of sight.
            mounts = () -> {
                try {
                    Kernel.mountControlGroups(CGROUPS, "");
                } catch (KernelException e) {
                    LOG.debug("runc keeps the control groups that are there", e);
                }
            };
        }
        return new OciSandbox(programs, runtime, sealed(runtime, place), mounts);
    }

    /// The runtime at a place where nobody can write it. It would make itself one each time it starts, so
    /// that no process in a container can change it through its own /proc/self/exe, and start once more
    /// from there.
    private static Path sealed(Path runtime, Path place) throws IOException {
        if (!runtime.endsWith("crun")) {
            return runtime;
        }
        Path sealed = Files.createFile(place.resolve("crun"));
        try {
            Kernel.bindMountReadOnly(runtime, sealed);
            return sealed;
        } catch (KernelException e) {
            LOG.debug("crun seals itself", e);
            return runtime;
        }
    }
}
