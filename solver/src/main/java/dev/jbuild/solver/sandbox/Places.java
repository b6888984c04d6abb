package dev.jbuild.solver.sandbox;

import java.io.IOException;

/// Makes sure that there are places to mount on.
public sealed interface Places permits MountPoints, Stubs {
    /// Makes sure of a place at an absolute path of the root.
    ///
    /// @return the path with every symbolic link on the way resolved, as seen from the root
    String need(String target, boolean isDirectory) throws IOException;
}
