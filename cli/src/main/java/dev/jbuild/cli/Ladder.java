package dev.jbuild.cli;

import dev.jbuild.layerstore.snapshot.Snapshotter;
import java.util.List;

/// Which rungs of the ladder this machine's facts lead to, why, and what would lead higher.
///
/// These are the choices that a build makes; see `docs/isolation.md`.
final class Ladder {
    private static final String IN_A_CONTAINER = "give the container CAP_SYS_ADMIN and a filter that allows mount";

    private final LadderFacts facts;

    Ladder(LadderFacts facts) {
        this.facts = facts;
    }

    List<Check> checks() {
        return List.of(namespaces(), snapshots(), isolation());
    }

    private Check namespaces() {
        return switch (facts.namespace()) {
            case MOUNT -> Check.ok("namespaces", "root, in a mount namespace");
            case USER -> Check.ok("namespaces", "rootless, in a user namespace with the IDs of /etc/subuid");
            case USER_SINGLE ->
                Check.limited(
                        "namespaces",
                        "rootless, in a user namespace of one user: owners of files are kept in attributes, and RUN"
                                + " cannot run as, or give files to, anybody but root",
                        "install uidmap, and give the user IDs in /etc/subuid and /etc/subgid");
            case NONE ->
                facts.mayChangeRoot()
                        ? Check.limited(
                                "namespaces",
                                "none: root that may neither mount nor make a user namespace",
                                IN_A_CONTAINER + "; or: " + facts.forbidden())
                        : Check.broken(
                                "namespaces", "not root, and user namespaces are not to be had", facts.forbidden());
            case OUTER -> Check.ok("namespaces", "not started by the launcher: none of our own");
        };
    }

    private Check snapshots() {
        String overlay = facts.overlay();
        if (facts.asked() == Snapshotter.COPY) {
            return Check.limited("snapshots", "copies, as JBUILD_SNAPSHOTTER says", "unset JBUILD_SNAPSHOTTER")
                    .onRung("copy");
        }
        if (overlay == null) {
            return Check.ok("snapshots", "overlay mounts").onRung("overlay");
        }
        String remedy = facts.mayMount()
                ? "put the store on ext4, xfs or btrfs, with --root or JBUILD_ROOT: a volume, if this is a container"
                : "whatever gives namespaces (see that line)";
        return facts.asked() == Snapshotter.OVERLAY
                ? Check.broken("snapshots", "overlay, which JBUILD_SNAPSHOTTER asks for, fails: " + overlay, remedy)
                : Check.limited("snapshots", "copies of root file systems: " + overlay, remedy)
                        .onRung("copy");
    }

    /// What `--isolation=auto` comes to.
    private Check isolation() {
        if (!facts.mayMount()) {
            return withoutMounts();
        }
        if (facts.missing().isEmpty() && !facts.ownProc()) {
            return Check.limited(
                            "isolation",
                            "auto is chroot: parts of /proc are masked, so that RUN cannot have one of its own",
                            "start the container with an unmasked /proc: --security-opt systempaths=unconfined (Docker),"
                                    + " --security-opt unmask=ALL (Podman), procMount: Unmasked (Kubernetes)")
                    .onRung("chroot");
        }
        if (facts.runtime() != null) {
            return Check.ok("isolation", "auto is oci, through " + facts.runtime())
                    .onRung("oci");
        }
        String remedy = "install an OCI runtime (apt-get install crun)";
        return facts.missing().isEmpty()
                ? Check.limited("isolation", "auto is namespaces, without an OCI runtime", remedy)
                        .onRung("namespaces")
                : Check.broken("isolation", "nothing to run RUN with", remedy);
    }

    private Check withoutMounts() {
        if (!facts.mayChangeRoot()) {
            return Check.broken(
                    "isolation",
                    "RUN does not work: this user may neither mount nor change the root directory",
                    "whatever gives namespaces (see that line), or root with CAP_SYS_CHROOT and CAP_SETUID");
        }
        if (!facts.missing().isEmpty()) {
            return Check.broken(
                    "isolation", "nothing to run RUN with", "install util-linux (apt-get install util-linux)");
        }
        if (!facts.mayMakeDevices()) {
            return Check.broken(
                    "isolation", "RUN does not work: /dev/null cannot be made for it", "give the container CAP_MKNOD");
        }
        return Check.limited(
                        "isolation",
                        "auto is chroot, without mounts: no /proc, no --network=none, mounts are copies",
                        "whatever gives namespaces (see that line)")
                .onRung("chroot");
    }
}
