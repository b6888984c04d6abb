package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what a layer's tar says of files, without unpacking it. Memory does not grow with the layer.
public final class LayerReader {
    private static final int BUFFER = 64 << 10;

    private final TarReader tar;
    private final byte[] buffer = new byte[BUFFER];
    private final MessageDigest hash = Digest.newSha256();

    private LayerReader(InputStream layer) {
        this.tar = new TarReader(layer);
    }

    /// Is told of each entry in the archive's order.
    @FunctionalInterface
    public interface Visitor {
        void visit(LayerEntry entry) throws IOException;
    }

    /// Reads an uncompressed layer to the end of its stream.
    ///
    /// @throws dev.jbuild.layerstore.content.StoreException of kind CORRUPT or UNSUPPORTED if it makes no sense
    public static void read(InputStream layer, Visitor visitor) throws IOException {
        new LayerReader(layer).read(visitor);
        layer.transferTo(OutputStream.nullOutputStream());
    }

    private void read(Visitor visitor) throws IOException {
        for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
            EntryPath path = EntryPath.of(entry.name());
            LayerEntry meaning = meaning(entry, path);
            if (meaning != null) {
                visitor.visit(meaning);
            }
        }
    }

    private @Nullable LayerEntry meaning(TarEntry entry, EntryPath path) throws IOException {
        byte[] name = path.name();
        if (Whiteout.isOpaque(name)) {
            return whiteout(LayerEntry.Kind.OPAQUE_WHITEOUT, text(path.parent()));
        }
        if (Whiteout.isReserved(name)) {
            return null;
        }
        if (Whiteout.hasPrefix(name)) {
            EntryPath removed = EntryPath.of(new EntryPath(path.parent(), Whiteout.target(name)).path());
            return removed.isRoot() ? null : whiteout(LayerEntry.Kind.WHITEOUT, text(removed.path()));
        }
        LayerEntry.Kind kind = kind(entry.type());
        boolean file = kind == LayerEntry.Kind.FILE;
        String link = kind == LayerEntry.Kind.HARD_LINK
                ? "/" + text(EntryPath.of(entry.link()).path())
                : kind == LayerEntry.Kind.SYMBOLIC_LINK ? text(entry.link()) : "";
        return new LayerEntry(
                kind,
                text(path.path()),
                link,
                file ? entry.size() : 0,
                entry.mode(),
                entry.uid(),
                entry.gid(),
                List.copyOf(entry.xattrs().keySet()),
                file ? fingerprint(entry) : null);
    }

    private static LayerEntry whiteout(LayerEntry.Kind kind, String path) {
        return new LayerEntry(kind, path, "", 0, 0, 0, 0, List.of(), null);
    }

    private static LayerEntry.Kind kind(byte type) {
        return switch (type) {
            case TarHeader.DIRECTORY -> LayerEntry.Kind.DIRECTORY;
            case TarHeader.SYMBOLIC_LINK -> LayerEntry.Kind.SYMBOLIC_LINK;
            case TarHeader.HARD_LINK -> LayerEntry.Kind.HARD_LINK;
            case TarHeader.CHARACTER_DEVICE -> LayerEntry.Kind.CHARACTER_DEVICE;
            case TarHeader.BLOCK_DEVICE -> LayerEntry.Kind.BLOCK_DEVICE;
            case TarHeader.FIFO -> LayerEntry.Kind.FIFO;
            default -> LayerEntry.Kind.FILE;
        };
    }

    private LayerEntry.Fingerprint fingerprint(TarEntry entry) throws IOException {
        if (entry.sparse().sparse()) {
            hash.update(entry.sparse().toString().getBytes(StandardCharsets.US_ASCII));
        }
        for (int n = tar.read(buffer, 0, BUFFER); n >= 0; n = tar.read(buffer, 0, BUFFER)) {
            hash.update(buffer, 0, n);
        }
        ByteBuffer sum = ByteBuffer.wrap(hash.digest());
        return new LayerEntry.Fingerprint(sum.getLong(), sum.getLong());
    }

    /// The text of a name, as [LayerEntry] has it.
    static String text(byte[] name) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer bytes = ByteBuffer.wrap(name);
        CharBuffer text = CharBuffer.allocate(name.length);
        while (decoder.decode(bytes, text, true).isError()) {
            text.put((char) (0xdc00 + (bytes.get() & 0xff)));
        }
        return text.flip().toString();
    }
}
