package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The files of an uncompressed tar by their names, to be opened in any order and any number of times.
public final class TarIndex {
    private static final int MOST_FILES = 100_000;
    private static final int MOST_LINKS = 8;

    private final Path tar;
    private final Map<String, Place> places = new LinkedHashMap<>();

    /// @param link another name in the archive, if this is a symbolic or hard link
    private record Place(long offset, long size, Optional<String> link) {}

    private TarIndex(Path tar) {
        this.tar = tar;
    }

    /// Reads the headers of this archive.
    ///
    /// @throws StoreException of kind CORRUPT or UNSUPPORTED if it makes no sense
    public static TarIndex of(Path tar) throws IOException {
        TarIndex index = new TarIndex(tar);
        try (InputStream in = Files.newInputStream(tar)) {
            TarReader reader = new TarReader(in);
            for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
                index.add(entry, reader.offset());
            }
        }
        return index;
    }

    private void add(TarEntry entry, long offset) {
        EntryPath path = EntryPath.of(entry.name());
        String name = new String(path.path(), StandardCharsets.UTF_8);
        String link = new String(entry.link(), StandardCharsets.UTF_8);
        switch (entry.type()) {
            case TarHeader.REGULAR -> {
                if (entry.sparse().sparse()) {
                    throw new StoreException(
                            StoreException.Kind.UNSUPPORTED, tar + " has the sparse file " + entry.shown());
                }
                places.put(name, new Place(offset, entry.size(), Optional.empty()));
            }
            case TarHeader.HARD_LINK -> places.put(name, new Place(0, 0, Optional.of(normal(link))));
            case TarHeader.SYMBOLIC_LINK -> {
                String parent = new String(path.parent(), StandardCharsets.UTF_8);
                places.put(name, new Place(0, 0, Optional.of(normal(parent + "/" + link))));
            }
            default -> {}
        }
        if (places.size() > MOST_FILES) {
            throw new StoreException(
                    StoreException.Kind.UNSUPPORTED, tar + " has more than " + MOST_FILES + " files, as no image has");
        }
    }

    private static String normal(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }

    /// The names of all files, as they are in the archive but without `./`.
    public Set<String> names() {
        return Set.copyOf(places.keySet());
    }

    /// The size of a file, if there is one of this name.
    public Optional<Long> size(String name) {
        return place(name).map(Place::size);
    }

    /// Opens a file, if there is one of this name.
    public Optional<InputStream> open(String name) throws IOException {
        Optional<Place> place = place(name);
        return place.isEmpty() ? Optional.empty() : Optional.of(open(place.get()));
    }

    private Optional<Place> place(String name) {
        Place found = places.get(normal(name));
        for (int i = 0; i < MOST_LINKS && found != null && found.link().isPresent(); i++) {
            found = places.get(found.link().get());
        }
        return found == null || found.link().isPresent() ? Optional.empty() : Optional.of(found);
    }

    private InputStream open(Place place) throws IOException {
        FileChannel channel = FileChannel.open(tar);
        channel.position(place.offset());
        return new Bounded(Channels.newInputStream(channel), place.size());
    }

    /// No more than so many bytes of a stream.
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long size) {
            super(in);
            this.left = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0 && left == 0) {
                return -1;
            }
            int n = super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(n, 0);
            return n;
        }

        @Override
        public long skip(long count) throws IOException {
            long n = super.skip(Math.min(count, left));
            left -= n;
            return n;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
