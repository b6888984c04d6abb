package dev.jbuild.layerstore.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/// Makes layers of other compressions into eStargz.
public final class Estargz {
    private Estargz() {}

    /// Writes a layer's tar as eStargz. The same tar gives the same bytes.
    ///
    /// @param tar not compressed
    /// @param level as [Compression#ESTARGZ] has them
    public static EstargzLayer convert(InputStream tar, OutputStream out, int level) throws IOException {
        EstargzWriter writer = new EstargzWriter(out, level, CompressionThreads.shared());
        TarReader reader = new TarReader(tar);
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            Interruption.check();
            if (EstargzWriter.isOwn(entry)) {
                continue;
            }
            writer.header(entry);
            if (entry.type() == TarHeader.REGULAR && entry.size() > 0) {
                writer.content(new Content(reader, entry), entry.size(), entry.shown());
            }
        }
        writer.finish();
        return writer.layer();
    }

    /// A file's content, the holes of a sparse one filled with zeros.
    private static final class Content extends PieceInputStream {
        private final TarReader reader;
        private final TarEntry entry;
        private long at;
        private int region;

        Content(TarReader reader, TarEntry entry) {
            this.reader = reader;
            this.entry = entry;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (!entry.sparse().sparse()) {
                return reader.read(bytes, offset, length);
            }
            while (region < entry.sparse().regions().size()) {
                SparseMap.Region data = entry.sparse().regions().get(region);
                long end = data.offset() + data.length();
                if (at < data.offset()) {
                    return zeros(bytes, offset, (int) Math.min(length, data.offset() - at));
                }
                if (at < end) {
                    int n = reader.read(bytes, offset, (int) Math.min(length, end - at));
                    at += Math.max(n, 0);
                    return n;
                }
                region++;
            }
            return at < entry.size() ? zeros(bytes, offset, (int) Math.min(length, entry.size() - at)) : -1;
        }

        private int zeros(byte[] bytes, int offset, int length) {
            Arrays.fill(bytes, offset, offset + length, (byte) 0);
            at += length;
            return length;
        }
    }
}
