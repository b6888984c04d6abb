package dev.jbuild.solver.plan;

import dev.jbuild.solver.graph.RemoteAddress;
import java.io.IOException;

/// Pins what is remote and no image: files by their content, git references to commits.
public interface SourceResolver {
    /// The file at an HTTP address as it is now. Its bytes are in the content store then.
    ///
    /// @throws RemoteSourceException if it is not to be had; the message names the address and says why
    ResolvedFile file(RemoteAddress url) throws IOException, InterruptedException;

    /// The commit that a git URL means now.
    ///
    /// @throws RemoteSourceException if there is no such repository or reference
    ResolvedCommit commit(GitUrl repository) throws IOException, InterruptedException;
}
