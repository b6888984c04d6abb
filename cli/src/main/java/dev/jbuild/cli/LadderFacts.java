package dev.jbuild.cli;

import dev.jbuild.cli.report.Namespace;
import dev.jbuild.layerstore.snapshot.Snapshotter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What decides how layers become root file systems and how RUN is kept apart.
///
/// @param mayMount whether a mount can be made
/// @param mayChangeRoot whether this process is root enough for a changed root: CAP_SYS_CHROOT and CAP_SETUID
/// @param mayMakeDevices CAP_MKNOD
/// @param overlay why overlay does not work in the store's place, null if it does
/// @param asked what `JBUILD_SNAPSHOTTER` says
/// @param ownProc whether a process namespace can have a /proc of its own
/// @param runtime crun or runc, whichever is taken, null if there is none
/// @param missing programs of util-linux that are not there
/// @param forbidden what would allow user namespaces
record LadderFacts(
        Namespace namespace,
        boolean mayMount,
        boolean mayChangeRoot,
        boolean mayMakeDevices,
        @Nullable String overlay,
        Snapshotter asked,
        boolean ownProc,
        @Nullable String runtime,
        List<String> missing,
        String forbidden) {
    LadderFacts {
        missing = List.copyOf(missing);
    }
}
