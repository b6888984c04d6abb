package dev.jbuild.solver.plan;

/// A commit that a git reference meant.
///
/// @param commit its full ID
/// @param object the ID of the annotated tag that leads to it; the commit's own if there is none
/// @param name the whole name of the branch or tag it was found by, empty if it was found by nothing of the kind
public record ResolvedCommit(String commit, String object, String name) {
    public ResolvedCommit {
        if (!isId(commit) || !isId(object)) {
            throw new IllegalArgumentException("not a commit: \"" + commit + "\" by \"" + object + '"');
        }
    }

    /// A commit that nothing but its ID leads to.
    public static ResolvedCommit of(String commit) {
        return new ResolvedCommit(commit, commit, "");
    }

    /// Whether this is all of an object ID, of SHA-1 or SHA-256.
    public static boolean isId(String text) {
        return (text.length() == 40 || text.length() == 64) && isPrefix(text);
    }

    /// Whether this is the beginning of an object ID.
    public static boolean isPrefix(String text) {
        return !text.isEmpty()
                && text.length() <= 64
                && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    }

    /// Whether a checksum, which may be the beginning of an ID, is this commit's or its tag's.
    public boolean matches(String checksum) {
        return commit.startsWith(checksum) || object.startsWith(checksum);
    }
}
