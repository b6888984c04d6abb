package dev.jbuild.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layerstore.fake.Shell;
import java.util.ArrayList;
import java.util.List;

/// The ways in which RUN is kept apart, each as a machine that has it would have it. Their names in words are the
/// columns of the table in `docs/isolation.md`.
enum Rung {
    CRUN("crun", "oci"),
    RUNC("runc", "oci"),
    NAMESPACES("namespaces", "namespaces"),
    CHROOT("chroot", "chroot"),
    /// Root in a container that may neither mount nor make namespaces.
    BARE("chroot without mounts", "chroot"),
    /// A user with subordinate IDs.
    USER("a user", "auto"),
    /// A user without.
    ONE_USER("one user", "auto");

    private final String words;
    private final String isolation;

    Rung(String words, String isolation) {
        this.words = words;
        this.isolation = isolation;
    }

    String words() {
        return words;
    }

    String option() {
        return "--isolation=" + isolation;
    }

    /// Whether root of the machine builds there.
    boolean ofRoot() {
        return this == CRUN || this == RUNC || this == NAMESPACES || this == CHROOT;
    }

    /// The command, with no other runtime within its reach than that of this rung.
    List<String> alone(List<String> command) {
        if (this == CRUN || this == RUNC) {
            assumeTrue(Shell.has(this == CRUN ? "crun" : "runc"), () -> this + " is not here: run testdata/prepare");
        }
        List<String> words = new ArrayList<>();
        if (this == RUNC) {
            // crun comes first wherever it is.
            words.addAll(List.of(
                    "unshare",
                    "--mount",
                    "sh",
                    "-c",
                    "crun=$(command -v crun) && mount --bind /dev/null \"$crun\"; exec \"$@\"",
                    "sh"));
        }
        words.addAll(command);
        return words;
    }
}
