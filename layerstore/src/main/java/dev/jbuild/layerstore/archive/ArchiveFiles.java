package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The files of a tar that is not unpacked: an archive of images, for example. It may be compressed.
public final class ArchiveFiles {
    private static final int LONGEST_NAME = 4096;

    private ArchiveFiles() {}

    /// Is told of the files in their order.
    public interface Visitor {
        /// A regular file.
        ///
        /// @param path cleaned: relative, without `.`, `..` and empty parts
        /// @param content to be read before the visitor returns, as far as it is wanted
        void file(String path, long size, InputStream content) throws IOException;

        /// A symbolic or hard link.
        ///
        /// @param target as written
        void link(String path, String target, boolean symbolic) throws IOException;
    }

    /// Reads a whole archive.
    ///
    /// @param most how many entries it may have
    /// @throws StoreException of kind CORRUPT if it is no tar, has names that lead out of it, or too many entries
    public static void read(InputStream archive, int most, Visitor visitor) throws IOException {
        // Whoever closes the stream is its owner.
        TarReader tar = new TarReader(ArchiveDecompressor.open(archive));
        int entries = 0;
        for (@Nullable TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            if (++entries > most) {
                throw PaxHeaders.corrupt("it has more than " + most + " entries");
            }
            String path = text(EntryPath.of(entry.name()).path());
            switch (entry.type()) {
                case TarHeader.REGULAR -> {
                    if (entry.sparse().sparse()) {
                        throw new StoreException(
                                StoreException.Kind.UNSUPPORTED, "the archive holds " + path + " as a sparse file");
                    }
                    visitor.file(path, entry.size(), new Content(tar));
                }
                case TarHeader.SYMBOLIC_LINK -> visitor.link(path, text(entry.link()), true);
                case TarHeader.HARD_LINK -> visitor.link(path, text(entry.link()), false);
                default -> {}
            }
        }
    }

    private static String text(byte[] name) {
        if (name.length > LONGEST_NAME) {
            throw PaxHeaders.corrupt("a name has " + name.length + " bytes");
        }
        return new String(name, StandardCharsets.UTF_8);
    }

    /// The content of the entry at hand.
    private static final class Content extends PieceInputStream {
        private final TarReader tar;

        Content(TarReader tar) {
            this.tar = tar;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : tar.read(bytes, offset, length);
        }
    }
}
