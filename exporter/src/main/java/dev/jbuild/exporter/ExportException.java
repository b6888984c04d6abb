package dev.jbuild.exporter;

import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.KernelException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An output cannot be written. The message names the output and says what to do.
public final class ExportException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /// Who has to change something.
    public enum Kind {
        /// What was asked for makes no sense: an unknown option, a binary stream to a terminal.
        USAGE,
        /// What was asked for makes sense, and could not be done: a full disk, a missing directory.
        FAILED
    }

    private final Kind kind;
    private final transient @Nullable Path path;

    private ExportException(Kind kind, String message, @Nullable Path path, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.path = path;
    }

    static ExportException usage(String message) {
        return new ExportException(Kind.USAGE, message, null, null);
    }

    static ExportException failed(String message, Path path) {
        return new ExportException(Kind.FAILED, message, path, null);
    }

    /// What went wrong while an output was written to this place.
    static ExportException of(IOException e, Path destination) {
        String place = e instanceof KernelException kernel
                ? kernel.path()
                : e instanceof FileSystemException f && f.getFile() != null ? f.getFile() : destination.toString();
        return new ExportException(Kind.FAILED, "cannot write " + place + ": " + reason(e), destination, e);
    }

    /// What went wrong while an output was written to standard output.
    static ExportException ofStdout(IOException e) {
        return new ExportException(Kind.FAILED, "cannot write to standard output: " + reason(e), null, e);
    }

    /// A container engine did not load an image.
    static ExportException engine(ContainerEngine engine, String problem, @Nullable IOException cause) {
        return new ExportException(
                Kind.FAILED,
                engine.shown() + " did not load the image: \"" + engine.command() + "\" said: " + problem,
                null,
                cause);
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied; choose a place that this user can write to";
            case NoSuchFileException missing -> "it disappeared while it was written";
            case NotDirectoryException not -> "it is not a directory";
            case KernelException kernel
            when kernel.is(Errno.EACCES) || kernel.is(Errno.EPERM) ->
                "permission denied; choose a place that this user can write to";
            default -> {
                String reason = e instanceof FileSystemException f && f.getReason() != null
                        ? f.getReason()
                        : e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                String words = reason.toLowerCase(Locale.ROOT);
                if (words.contains("no space left on device") || words.contains("quota exceeded")) {
                    yield "the disk is full; free some space there or choose another place";
                }
                if (words.contains("read-only file system")) {
                    yield "the file system is read-only; choose a place that can be written";
                }
                yield reason;
            }
        };
    }

    public Kind kind() {
        return kind;
    }

    /// Where in the file system, if it was a place there.
    public @Nullable Path path() {
        return path;
    }
}
