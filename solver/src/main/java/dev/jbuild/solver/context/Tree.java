package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A tree of files that instructions read from: a build context on disk (ignore patterns applied, everything owned by
/// root, no extended attributes) or a root file system (as it is).
///
/// Paths are relative to the tree's root, which is the empty path, and without symbolic links on the way, as
/// [#resolve] makes them. Nothing outside the root is ever reached. For use by any number of threads.
public sealed interface Tree permits BuildContext, RootTree {
    /// How messages name it.
    String name();

    /// The file at this path, not followed; null if there is none to be seen.
    @Nullable
    Stat stat(String path) throws IOException;

    /// What a directory holds, in the order of the names' bytes.
    List<TreeEntry> list(String path) throws IOException;

    /// The text of a symbolic link.
    String link(String path) throws IOException;

    /// The extended attributes that are part of the file.
    Map<String, byte[]> xattrs(String path) throws IOException;

    /// Where the file lies on this machine.
    Path location(String path);

    /// The SHA-256 of the content of each of these regular files, in their order.
    List<byte[]> contents(List<TreeEntry> files) throws IOException, InterruptedException;

    /// Why there is nothing to be seen at a path, as the end of a sentence about it; empty if it just is not there.
    String whyMissing(String path) throws IOException;

    /// Follows the symbolic links of a path inside this tree, the last one only if `followLast`.
    ///
    /// @param path as it is written, with or without leading slash
    /// @return the file and its path in this tree, or null if there is none
    default @Nullable TreeEntry resolve(String path, boolean followLast) throws IOException {
        return new LinkResolver(this).resolve(path, followLast);
    }
}
