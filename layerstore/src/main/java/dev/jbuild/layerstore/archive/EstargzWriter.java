package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/// Writes a layer as eStargz: gzip of many members, so that each file can be read without what is before it.
///
/// The first entry is a mark that says that nothing need be fetched ahead, the last one the table of contents, and the
/// last member of all, which is empty, says where that is. A file's content begins a member, and so does every 4 MiB
/// of it. To a reader of plain gzip and tar it is a layer like others, with two more files.
final class EstargzWriter implements TarOutput {
    private static final String CONTENTS = "stargz.index.json";
    private static final String LANDMARK = ".no.prefetch.landmark";
    private static final Set<String> OWN_NAMES = Set.of(CONTENTS, LANDMARK, ".prefetch.landmark");
    private static final int CHUNK = 4 << 20;
    private static final int PIECE = 64 << 10;

    private final GzipMembers members;
    private final TarWriter tar;
    private final EstargzContents contents = new EstargzContents();
    private final MessageDigest hash = Digest.newSha256();
    private final byte[] piece = new byte[PIECE];
    private long size;
    private EstargzContents.@Nullable File file;
    private @Nullable EstargzLayer layer;

    EstargzWriter(OutputStream out, int level, ExecutorService threads) throws IOException {
        this.members = new GzipMembers(out, level, threads);
        this.tar = new TarWriter(new Plain());
        write(entry(LANDMARK, 1), new ByteArrayInputStream(new byte[] {0xf}));
    }

    /// Whether an entry of an eStargz layer is there for the format's sake and is no file of the layer.
    static boolean isOwn(TarEntry entry) {
        return OWN_NAMES.contains(clean(entry.shown()));
    }

    private static String clean(String name) {
        return name.replaceFirst("^(\\.?/)+", "");
    }

    @Override
    public void header(TarEntry entry) throws IOException {
        if (isOwn(entry)) {
            throw new StoreException(
                    StoreException.Kind.UNSUPPORTED,
                    "the file /" + clean(entry.shown())
                            + " cannot be in a layer with compression=estargz, which has a file of that name itself");
        }
        add(entry);
    }

    private void add(TarEntry entry) throws IOException {
        // Entries without content share a member, but not all of a great many.
        if (members.pending() >= CHUNK) {
            members.begin(_ -> {});
        }
        tar.header(entry);
        file = contents.add(entry);
    }

    private void write(TarEntry entry, InputStream content) throws IOException {
        add(entry);
        content(content, entry.size(), entry.shown());
    }

    @Override
    public void content(InputStream in, long length, String shown) throws IOException {
        EstargzContents.File described = Objects.requireNonNull(file);
        MessageDigest whole = Digest.newSha256();
        for (long at = 0; at < length; at += CHUNK) {
            long chunk = Math.min(CHUNK, length - at);
            EstargzContents.Chunk begun = described.chunk(at, chunk);
            members.begin(begun::startsAt);
            MessageDigest digest = Digest.newSha256();
            for (long left = chunk; left > 0; ) {
                Interruption.check();
                int n = in.read(piece, 0, (int) Math.min(left, piece.length));
                if (n < 0) {
                    throw new EOFException(shown + " became shorter while it was read");
                }
                digest.update(piece, 0, n);
                whole.update(piece, 0, n);
                plain(piece, n);
                left -= n;
            }
            begun.is(Digest.ofHash(digest.digest()));
        }
        described.is(Digest.ofHash(whole.digest()));
        tar.pad(length);
    }

    @Override
    public void finish() throws IOException {
        // Offsets are known when all before is compressed.
        members.end();
        byte[] json = contents.json();
        long offset = members.offset();
        members.begin(_ -> {});
        tar.header(entry(CONTENTS, json.length));
        plain(json, json.length);
        tar.pad(json.length);
        tar.finish();
        members.end();
        members.footer(offset);
        layer = new EstargzLayer(new DiffId(Digest.ofHash(hash.digest())), Digest.of(json), size);
    }

    /// What was written, once it is finished.
    EstargzLayer layer() {
        return Objects.requireNonNull(layer, "not finished");
    }

    private static TarEntry entry(String name, long size) {
        return new TarEntry(
                name.getBytes(StandardCharsets.UTF_8),
                TarHeader.REGULAR,
                new byte[0],
                size,
                0444,
                0,
                0,
                0,
                0,
                0,
                0,
                new TreeMap<>(),
                SparseMap.NONE);
    }

    private void plain(byte[] bytes, int length) throws IOException {
        hash.update(bytes, 0, length);
        size += length;
        members.write(bytes, 0, length);
    }

    /// The tar before its compression.
    private final class Plain extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            hash.update(bytes, offset, length);
            size += length;
            members.write(bytes, offset, length);
        }
    }
}
