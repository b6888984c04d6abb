package dev.jbuild.layerstore.archive;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a layer says of one path.
///
/// Text is UTF-8; a byte that is not is the lone surrogate U+DC00 plus its value, so that names that differ stay
/// different. Whoever shows a name writes these in some other way.
///
/// @param path without a slash at either end, and without empty, `.` and `..` parts; empty for the root. Of a
/// whiteout it is what is removed, of an opaque one the directory.
/// @param link what a symbolic link says, or which path a hard link is one more name of; else empty
/// @param size of a file's content
/// @param attributes the names of its extended attributes
/// @param content null for what has no content of its own
public record LayerEntry(
        Kind kind,
        String path,
        String link,
        long size,
        int mode,
        long uid,
        long gid,
        List<String> attributes,
        @Nullable Fingerprint content) {
    public LayerEntry {
        attributes = List.copyOf(attributes);
    }

    /// What a path is, or what happens to it.
    public enum Kind {
        FILE,
        DIRECTORY,
        SYMBOLIC_LINK,
        HARD_LINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        FIFO,
        /// Whatever layers below have at this path is gone.
        WHITEOUT,
        /// Whatever layers below have in this directory is gone.
        OPAQUE_WHITEOUT
    }

    /// The first 16 bytes of the SHA-256 of a content: enough to tell what is the same.
    public record Fingerprint(long high, long low) {}
}
