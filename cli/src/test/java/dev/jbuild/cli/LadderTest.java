package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.Namespace;
import dev.jbuild.layerstore.snapshot.Snapshotter;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `jbuild doctor` on machines that this one is not.
class LadderTest {
    private static final String NO_OVERLAY = "overlay cannot be mounted (operation not permitted)";

    private static LadderFacts facts(
            Namespace namespace,
            boolean mayMount,
            boolean root,
            @Nullable String overlay,
            @Nullable String runtime,
            String... missing) {
        return new LadderFacts(
                namespace,
                mayMount,
                root,
                root,
                overlay,
                Snapshotter.AUTO,
                true,
                runtime,
                List.of(missing),
                "sysctl user.max_user_namespaces=10000");
    }

    static Stream<Arguments> machines() {
        return Stream.of(
                Arguments.of("root", facts(Namespace.MOUNT, true, true, null, "crun"), """
                        CHECK        STATE   FOUND
                        namespaces   ok      root, in a mount namespace
                        snapshots    ok      overlay mounts
                        isolation    ok      auto is oci, through crun
                        """),
                Arguments.of("a user without a runtime", facts(Namespace.USER, true, true, null, null), """
                        CHECK        STATE     FOUND
                        namespaces   ok        rootless, in a user namespace with the IDs of /etc/subuid
                        snapshots    ok        overlay mounts
                        isolation    limited   auto is namespaces, without an OCI runtime

                        To lift limits:
                          isolation: install an OCI runtime (apt-get install crun)
                        """),
                Arguments.of(
                        "a user without subordinate IDs", facts(Namespace.USER_SINGLE, true, true, null, "crun"), """
                        CHECK        STATE     FOUND
                        namespaces   limited   rootless, in a user namespace of one user: owners of files are kept in \
                        attributes, and RUN cannot run as, or give files to, anybody but root
                        snapshots    ok        overlay mounts
                        isolation    ok        auto is oci, through crun

                        To lift limits:
                          namespaces: install uidmap, and give the user IDs in /etc/subuid and /etc/subgid
                        """),
                Arguments.of(
                        "a privileged container whose store lies on overlay",
                        facts(Namespace.MOUNT, true, true, "overlay cannot be mounted (invalid argument)", "crun"),
                        """
                        CHECK        STATE     FOUND
                        namespaces   ok        root, in a mount namespace
                        snapshots    limited   copies of root file systems: overlay cannot be mounted (invalid argument)
                        isolation    ok        auto is oci, through crun

                        To lift limits:
                          snapshots: put the store on ext4, xfs or btrfs, with --root or JBUILD_ROOT: a volume, if this \
                        is a container
                        """),
                Arguments.of(
                        "a container without privileges", facts(Namespace.NONE, false, true, NO_OVERLAY, "crun"), """
                        CHECK        STATE     FOUND
                        namespaces   limited   none: root that may neither mount nor make a user namespace
                        snapshots    limited   copies of root file systems: overlay cannot be mounted (operation not \
                        permitted)
                        isolation    limited   auto is chroot, without mounts: no /proc, no --network=none, mounts are copies

                        To lift limits:
                          namespaces: give the container CAP_SYS_ADMIN and a filter that allows mount; or: sysctl \
                        user.max_user_namespaces=10000
                          snapshots: whatever gives namespaces (see that line)
                          isolation: whatever gives namespaces (see that line)
                        """),
                Arguments.of(
                        "such a container without util-linux",
                        facts(Namespace.NONE, false, true, NO_OVERLAY, null, "setpriv"),
                        """
                        CHECK        STATE     FOUND
                        namespaces   limited   none: root that may neither mount nor make a user namespace
                        snapshots    limited   copies of root file systems: overlay cannot be mounted (operation not \
                        permitted)
                        isolation    broken    nothing to run RUN with

                        To lift limits:
                          namespaces: give the container CAP_SYS_ADMIN and a filter that allows mount; or: sysctl \
                        user.max_user_namespaces=10000
                          snapshots: whatever gives namespaces (see that line)
                          isolation: install util-linux (apt-get install util-linux)
                        """),
                Arguments.of("a user in it", facts(Namespace.NONE, false, false, NO_OVERLAY, "crun"), """
                        CHECK        STATE     FOUND
                        namespaces   broken    not root, and user namespaces are not to be had
                        snapshots    limited   copies of root file systems: overlay cannot be mounted (operation not \
                        permitted)
                        isolation    broken    RUN does not work: this user may neither mount nor change the root directory

                        To lift limits:
                          namespaces: sysctl user.max_user_namespaces=10000
                          snapshots: whatever gives namespaces (see that line)
                          isolation: whatever gives namespaces (see that line), or root with CAP_SYS_CHROOT and \
                        CAP_SETUID
                        """));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("machines")
    void saysWhatAMachineComesTo(String machine, LadderFacts facts, String text) {
        assertThat(DoctorCommand.text(new Ladder(facts).checks())).as(machine).isEqualTo(text);
    }

    @Test
    void namesTheRungForPrograms() {
        LadderFacts facts = facts(Namespace.NONE, false, true, NO_OVERLAY, null);

        assertThat(DoctorCommand.json(new Ladder(facts).checks().subList(2, 3))).isEqualTo("""
                [
                    {
                        "check": "isolation",
                        "state": "limited",
                        "found": "auto is chroot, without mounts: no /proc, no --network=none, mounts are copies",
                        "rung": "chroot",
                        "remedy": "whatever gives namespaces (see that line)"
                    }
                ]
                """);
    }
}
