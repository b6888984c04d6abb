package dev.jbuild.solver.context;

import java.io.IOException;

/// A file that an instruction names is not there.
public final class SourceNotFoundException extends IOException {
    private static final long serialVersionUID = 1;

    private final String path;
    private final String tree;

    /// @param path as the instruction names it, absolute
    /// @param tree where it was looked for, such as `the build context`
    /// @param why what more is known, as the end of the sentence; may be empty
    public SourceNotFoundException(String path, String tree, String why) {
        super("\"" + path + "\" not found in " + tree + why);
        this.path = path;
        this.tree = tree;
    }

    public String path() {
        return path;
    }

    /// Where the file was looked for.
    public String tree() {
        return tree;
    }
}
