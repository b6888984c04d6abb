package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.layerstore.snapshot.ActiveSnapshot;
import java.io.IOException;
import java.nio.file.Path;

/// What is done in a directory of a root file system without being a change of it: its time is put back.
final class Unnoticed {
    private static final byte[] HERE = {'.'};

    /// Puts something there or takes it away.
    interface Work {
        void run() throws IOException;
    }

    private Unnoticed() {}

    /// Does some work in a directory.
    static void in(ActiveSnapshot active, Path directory, Work work) throws IOException {
        try (OpenDirectory open = OpenDirectory.open(directory)) {
            in(active, open, directory, work);
        }
    }

    /// Does some work in a directory that was opened at this path.
    static void in(ActiveSnapshot active, OpenDirectory directory, Path path, Work work) throws IOException {
        Stat before = directory.stat();
        boolean untouched = active.isUntouched(path);
        work.run();
        directory.setTimes(HERE, before.mtimeSeconds(), before.mtimeNanos());
        if (untouched) {
            active.acknowledge(path);
        }
    }
}
