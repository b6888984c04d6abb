package dev.jbuild.layerstore.content;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import org.jspecify.annotations.Nullable;

/// Something is wrong with the store on disk, or with content that was to enter it.
///
/// The message names the thing and says what to do; [#kind()] is for programs.
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// What went wrong, as far as a caller may want to act on it.
    public enum Kind {
        /// The content is not in the store.
        MISSING,
        /// The content is not what its digest, its size or its format says.
        CORRUPT,
        /// The content or this machine needs something that jbuild does not do.
        UNSUPPORTED,
        /// Somebody else made or holds the same thing.
        CONFLICT,
        /// The disk or a quota is full.
        FULL,
        /// The store may not be written.
        READ_ONLY,
        /// The operating system failed in some other way.
        FAILED
    }

    private final Kind kind;
    private final transient @Nullable Path path;

    public StoreException(Kind kind, String message) {
        this(kind, message, null, null);
    }

    public StoreException(Kind kind, String message, @Nullable Path path, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.path = path;
    }

    /// The exception for an input or output error at this path; a [StoreException] among the causes is passed on.
    ///
    /// @param doing what was being done, as in "cannot *write a blob*"
    public static StoreException of(IOException e, Path path, String doing) {
        if (e.getCause() instanceof StoreException known) {
            return known;
        }
        Kind kind = kindOf(e);
        String advice = switch (kind) {
            case FULL -> ": the disk is full; free some space there, or run jbuild prune";
            case READ_ONLY ->
                ": it cannot be written; make it writable for this user, or choose another store with --root";
            case MISSING -> ": it is not there";
            case CORRUPT, UNSUPPORTED, CONFLICT, FAILED -> ": " + reason(e);
        };
        return new StoreException(kind, "cannot " + doing + " at " + path + advice, path, e);
    }

    private static Kind kindOf(IOException e) {
        if (e instanceof NoSuchFileException) {
            return Kind.MISSING;
        }
        if (e instanceof AccessDeniedException) {
            return Kind.READ_ONLY;
        }
        String reason = reason(e);
        if (reason.contains("No space left on device")
                || reason.contains("Disk quota exceeded")
                || reason.contains("ENOSPC")
                || reason.contains("EDQUOT")) {
            return Kind.FULL;
        }
        if (reason.contains("Read-only file system")
                || reason.contains("EROFS")
                || e.getCause() instanceof ReadOnlyFileSystemException) {
            return Kind.READ_ONLY;
        }
        return Kind.FAILED;
    }

    private static String reason(IOException e) {
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    public Kind kind() {
        return kind;
    }

    /// Where in the file system, if that is known.
    public @Nullable Path path() {
        return path;
    }
}
