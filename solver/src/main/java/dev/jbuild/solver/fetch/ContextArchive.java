package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.archive.ArchiveDecompressor;
import dev.jbuild.layerstore.archive.LayerApplier;
import dev.jbuild.layerstore.archive.Ownership;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.solver.file.FileActionException;
import dev.jbuild.solver.file.LocalArchive;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;

/// A build context that comes as a stream: a tar, compressed or not, which its first bytes tell.
public final class ContextArchive {
    /// So many bytes are enough for [#isArchive(byte[])].
    public static final int START = LocalArchive.BLOCK;

    private static final int BUFFER = 64 << 10;

    private ContextArchive() {}

    /// Whether a stream that begins so is a tar, or compressed: then it is taken for a compressed tar.
    ///
    /// @param start the first [#START] bytes, or all if there are fewer
    public static boolean isArchive(byte[] start) {
        return ArchiveDecompressor.isCompressed(start)
                || (start.length >= START && LocalArchive.isHeader(Arrays.copyOf(start, START)));
    }

    /// Whether a stream that [#isArchive(byte[])] takes for an archive is one: what is compressed may be anything.
    public static boolean holdsTar(InputStream stream) throws IOException {
        return LocalArchive.isTar(stream);
    }

    /// Unpacks the archive with the owners, modes and times that it says, and reads the stream to its end: who writes
    /// into a pipe would take it for a failure if nobody read the rest.
    ///
    /// @param directory nothing is written outside it, whatever the archive says
    /// @param name how messages name the stream
    /// @throws FileActionException if it is no archive, or one that cannot be unpacked
    public static void unpack(InputStream stream, Path directory, String name) throws IOException {
        try (InputStream in = ArchiveDecompressor.open(new BufferedInputStream(stream, BUFFER))) {
            LayerApplier.unpack(in, directory, "", Ownership.AS_IT_IS);
            stream.transferTo(OutputStream.nullOutputStream());
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.CORRUPT) {
                throw e;
            }
            throw new FileActionException("cannot unpack " + name + ": " + e.getMessage(), e);
        }
    }
}
