package dev.jbuild.layerstore.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/// Opens an archive that somebody else made, whatever its compression, which its first bytes say. Layers of images
/// have fewer: [Decompressor].
public final class ArchiveDecompressor {
    /// So many bytes are enough for [#isCompressed(byte[])].
    public static final int MAGIC_LENGTH = 6;

    private static final byte[] XZ = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

    private ArchiveDecompressor() {}

    /// Whether a stream that begins so is compressed in a way that [#open(InputStream)] knows.
    public static boolean isCompressed(byte[] start) {
        return isBzip2(start) || isXz(start) || Compression.detect(start) != Compression.NONE;
    }

    private static boolean isBzip2(byte[] start) {
        return start.length >= 4
                && start[0] == 'B'
                && start[1] == 'Z'
                && start[2] == 'h'
                && start[3] > '0'
                && start[3] <= '9';
    }

    private static boolean isXz(byte[] start) {
        return start.length >= XZ.length && Arrays.equals(start, 0, XZ.length, XZ, 0, XZ.length);
    }

    /// The uncompressed bytes of this stream. Closing the result closes the stream.
    ///
    /// Reading throws a [dev.jbuild.layerstore.content.StoreException] of kind CORRUPT where the compressed
    /// data is wrong.
    public static InputStream open(InputStream compressed) throws IOException {
        PushbackInputStream in = new PushbackInputStream(compressed, MAGIC_LENGTH);
        byte[] start = in.readNBytes(MAGIC_LENGTH);
        in.unread(start);
        if (isBzip2(start)) {
            return Bzip2.open(in);
        }
        return isXz(start) ? Xz.open(in) : Decompressor.open(in);
    }

    /// Apart, so that the codec is loaded only for what needs it. It tells of what it does not like with exceptions of
    /// many classes; the files that archives are read from hardly ever fail.
    private static final class Bzip2 {
        static InputStream open(InputStream in) throws IOException {
            return CorruptionNamed.opening("bzip2", e -> true, () -> new BZip2CompressorInputStream(in, true));
        }
    }

    /// Apart, for the same reason.
    private static final class Xz {
        /// `xz -9` asks for 65 MiB. More is to be had by special wish only, and may be an attack.
        private static final int MOST_MEMORY_KIB = 192 << 10;

        static InputStream open(InputStream in) throws IOException {
            return CorruptionNamed.opening(
                    "xz",
                    e -> true,
                    () -> XZCompressorInputStream.builder()
                            .setInputStream(in)
                            .setDecompressConcatenated(true)
                            .setMemoryLimitKiB(MOST_MEMORY_KIB)
                            .get());
        }
    }
}
