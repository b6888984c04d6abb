package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Stat;
import java.util.Comparator;

/// A file of a [Tree].
///
/// @param name its name in its directory, or its path in the tree, as whoever hands it out says
public record TreeEntry(String name, Stat stat) {
    /// The path of a name in a directory. (Linking Java's own concatenation takes a cold process longer than all
    /// the names of a small context.)
    static String join(String directory, String name) {
        return directory.isEmpty() ? name : directory.concat("/").concat(name);
    }

    /// The order of directory listings.
    static final class ByName implements Comparator<TreeEntry> {
        static final ByName ORDER = new ByName();

        @Override
        public int compare(TreeEntry a, TreeEntry b) {
            return FileName.compare(a.name, b.name);
        }
    }
}
