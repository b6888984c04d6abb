package dev.jbuild.solver.file;

import dev.jbuild.layerstore.archive.ArchiveDecompressor;
import dev.jbuild.layerstore.archive.LayerApplier;
import dev.jbuild.layerstore.archive.Ownership;
import dev.jbuild.layerstore.content.StoreException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A tar, compressed or not, which its content tells and not its name: ADD unpacks it.
public final class LocalArchive {
    private static final int BUFFER = 64 << 10;
    /// The length of a tar header.
    public static final int BLOCK = 512;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_LENGTH = 8;

    private final Path file;

    private LocalArchive(Path file) {
        this.file = file;
    }

    /// The file as an archive; null if it is none, as a compressed file that is no tar is not.
    static @Nullable LocalArchive detect(Path file) throws IOException {
        try (InputStream raw = Files.newInputStream(file)) {
            return isTar(raw) ? new LocalArchive(file) : null;
        } catch (IOException e) {
            // That the file cannot be read at all shows when it is copied.
            return null;
        }
    }

    public static boolean isTar(InputStream raw) throws IOException {
        try (InputStream in = ArchiveDecompressor.open(new BufferedInputStream(raw, BUFFER))) {
            byte[] block = in.readNBytes(BLOCK);
            return block.length == BLOCK && isHeader(block);
        } catch (StoreException | IOException e) {
            // What looks compressed and cannot be decompressed is a file like any other.
            return false;
        }
    }

    /// Whether the checksum of a tar header fits. Some old archivers summed signed bytes.
    public static boolean isHeader(byte[] block) {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < BLOCK; i++) {
            byte b = i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        long stored = 0;
        boolean digits = false;
        for (int i = CHECKSUM; i < CHECKSUM + CHECKSUM_LENGTH; i++) {
            byte b = block[i];
            if (b >= '0' && b <= '7') {
                stored = stored * 8 + b - '0';
                digits = true;
            } else if (digits || (b != ' ' && b != 0)) {
                break;
            }
        }
        return digits && (stored == unsigned || stored == signed);
    }

    /// Unpacks over what is there.
    ///
    /// @param directory a directory in `root`
    /// @param owner null to keep what the archive says
    void unpack(Path root, String directory, @Nullable FileOwner owner) throws IOException {
        Ownership ownership = owner == null ? Ownership.AS_IT_IS : Ownership.of(owner.uid(), owner.gid());
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = ArchiveDecompressor.open(new BufferedInputStream(raw, BUFFER))) {
            LayerApplier.unpack(in, root, directory, ownership);
        } catch (StoreException e) {
            throw new FileActionException("cannot unpack " + file.getFileName() + ": " + e.getMessage(), e);
        }
    }
}
