package dev.jbuild.solver.context;

import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// One digest of everything that an action can see of the files it selects: names below what is selected, types,
/// permissions, owners, content, link targets, device numbers and extended attributes. Not times.
///
/// The name of a file that is selected by a plain path is no part of it: where it goes is up to the action. What a
/// wildcard matched is.
public final class ContentHash {
    /// So many files are looked at before their content is read, all of them at once.
    private static final int BATCH = 8192;

    private static final byte[] VERSION = "jbuild files 1".getBytes(StandardCharsets.US_ASCII);

    private final Tree tree;
    private final MessageDigest sha256 = Digest.newSha256();
    private ByteBuffer buffer = ByteBuffer.allocate(4096);
    private final List<Seen> batch = new ArrayList<>();

    private record Seen(Selection selection, String name, TreeEntry file) {}

    private ContentHash(Tree tree) {
        this.tree = tree;
    }

    /// The digest of what these selections see, in their order.
    ///
    /// @throws SourceNotFoundException if a selected file is not there
    public static Digest of(Tree tree, List<Selection> selections) throws IOException, InterruptedException {
        ContentHash hash = new ContentHash(tree);
        hash.text(VERSION);
        for (Selection selection : selections) {
            hash.add(selection);
        }
        hash.flush();
        hash.drain();
        return Digest.ofHash(hash.sha256.digest());
    }

    private void add(Selection selection) throws IOException, InterruptedException {
        flush();
        room(1).put((byte) 'S');
        boolean pattern = selection.wildcard() && !selection.parents();
        for (Match match : selection.matches(tree)) {
            flush();
            room(1).put((byte) 'M');
            text(pattern ? FileName.encode(match.name()) : new byte[0]);
            selection.walk(tree, match, new Collector(selection));
        }
    }

    private final class Collector implements TreeVisitor {
        private final Selection selection;

        Collector(Selection selection) {
            this.selection = selection;
        }

        @Override
        public void enter(String name, TreeEntry file, boolean selected) throws IOException, InterruptedException {
            file(name, file);
        }

        @Override
        public void leave(String name, TreeEntry file) {
            // Names say what lies where.
        }

        @Override
        public void file(String name, TreeEntry file) throws IOException, InterruptedException {
            batch.add(new Seen(selection, name, file));
            if (batch.size() == BATCH) {
                flush();
            }
        }
    }

    private void flush() throws IOException, InterruptedException {
        List<TreeEntry> regular = new ArrayList<>();
        for (Seen seen : batch) {
            if (seen.file.stat().isRegular()) {
                regular.add(seen.file);
            }
        }
        Iterator<byte[]> contents = tree.contents(regular).iterator();
        for (Seen seen : batch) {
            put(seen, contents);
        }
        batch.clear();
    }

    private void put(Seen seen, Iterator<byte[]> contents) throws IOException {
        Stat stat = seen.file.stat();
        boolean link = stat.isSymbolicLink();
        text(FileName.encode(seen.name));
        // Linux has no permissions for symbolic links.
        room(12).putInt(seen.selection.keepMode() && !link ? stat.mode() : stat.type());
        if (seen.selection.keepOwner()) {
            buffer.putInt(stat.uid()).putInt(stat.gid());
        }
        if (stat.isRegular()) {
            room(8).putLong(stat.size());
            text(contents.next());
        } else if (link) {
            text(FileName.encode(tree.link(seen.file.name())));
        } else if (stat.type() == Stat.CHARACTER_DEVICE || stat.type() == Stat.BLOCK_DEVICE) {
            room(8).putLong(stat.rdev());
        }
        Map<String, byte[]> xattrs = tree.xattrs(seen.file.name());
        room(4).putInt(xattrs.size());
        for (Map.Entry<String, byte[]> xattr : xattrs.entrySet()) {
            text(FileName.encode(xattr.getKey()));
            text(xattr.getValue());
        }
    }

    private void text(byte[] bytes) {
        room(bytes.length + 4).putInt(bytes.length).put(bytes);
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            drain();
            if (buffer.capacity() < bytes) {
                buffer = ByteBuffer.allocate(bytes);
            }
        }
        return buffer;
    }

    private void drain() {
        sha256.update(buffer.array(), 0, buffer.position());
        buffer.clear();
    }
}
