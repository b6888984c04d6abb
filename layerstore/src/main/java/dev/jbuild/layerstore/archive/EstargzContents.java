package dev.jbuild.layerstore.archive;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.jbuild.layerstore.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The table of contents of a layer in eStargz: every entry of the tar, and where the content of files is.
final class EstargzContents {
    private final List<File> files = new ArrayList<>();

    /// An entry of the tar.
    static final class File {
        private final TarEntry entry;
        private final List<Chunk> chunks = new ArrayList<>(1);
        private @Nullable Digest digest;

        private File(TarEntry entry) {
            this.entry = entry;
        }

        /// A piece of its content, after those before.
        Chunk chunk(long at, long length) {
            Chunk chunk = new Chunk(at, length);
            chunks.add(chunk);
            return chunk;
        }

        void is(Digest content) {
            digest = content;
        }
    }

    /// A piece of a file's content, at the beginning of a member.
    static final class Chunk {
        private final long at;
        private final long length;
        private long offset;
        private @Nullable Digest digest;

        private Chunk(long at, long length) {
            this.at = at;
            this.length = length;
        }

        void startsAt(long memberOffset) {
            offset = memberOffset;
        }

        void is(Digest content) {
            digest = content;
        }
    }

    File add(TarEntry entry) {
        File file = new File(entry);
        if (entry.type() == TarHeader.REGULAR && entry.size() == 0) {
            file.is(Digest.of(new byte[0]));
        }
        files.add(file);
        return file;
    }

    byte[] json() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = new JsonFactory().createGenerator(bytes, JsonEncoding.UTF8)) {
            out.writeStartObject();
            out.writeNumberField("version", 1);
            out.writeArrayFieldStart("entries");
            for (File file : files) {
                write(out, file);
            }
            out.writeEndArray();
            out.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator out, File file) throws IOException {
        TarEntry entry = file.entry;
        out.writeStartObject();
        out.writeStringField("name", entry.shown());
        out.writeStringField("type", type(entry));
        number(out, "size", entry.type() == TarHeader.REGULAR ? entry.size() : 0);
        out.writeStringField(
                "modtime", Instant.ofEpochSecond(entry.mtimeSeconds()).toString());
        if (entry.link().length > 0) {
            out.writeStringField("linkName", new String(entry.link(), StandardCharsets.UTF_8));
        }
        number(out, "mode", entry.mode());
        number(out, "uid", entry.uid());
        number(out, "gid", entry.gid());
        number(out, "devMajor", entry.deviceMajor());
        number(out, "devMinor", entry.deviceMinor());
        if (!entry.xattrs().isEmpty()) {
            out.writeObjectFieldStart("xattrs");
            for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
                out.writeBinaryField(xattr.getKey(), xattr.getValue());
            }
            out.writeEndObject();
        }
        if (file.digest != null) {
            out.writeStringField("digest", file.digest.toString());
        }
        boolean several = file.chunks.size() > 1;
        for (int i = 0; i < file.chunks.size(); i++) {
            Chunk chunk = file.chunks.get(i);
            if (i > 0) {
                out.writeEndObject();
                out.writeStartObject();
                out.writeStringField("name", entry.shown());
                out.writeStringField("type", "chunk");
            }
            number(out, "offset", chunk.offset);
            number(out, "chunkOffset", chunk.at);
            // The last one is what is left of the file.
            number(out, "chunkSize", several && i + 1 < file.chunks.size() ? chunk.length : 0);
            if (chunk.digest != null) {
                out.writeStringField("chunkDigest", chunk.digest.toString());
            }
        }
        out.writeEndObject();
    }

    private static String type(TarEntry entry) {
        return switch (entry.type()) {
            case TarHeader.DIRECTORY -> "dir";
            case TarHeader.HARD_LINK -> "hardlink";
            case TarHeader.SYMBOLIC_LINK -> "symlink";
            case TarHeader.CHARACTER_DEVICE -> "char";
            case TarHeader.BLOCK_DEVICE -> "block";
            case TarHeader.FIFO -> "fifo";
            default -> "reg";
        };
    }

    private static void number(JsonGenerator out, String name, long value) throws IOException {
        if (value != 0) {
            out.writeNumberField(name, value);
        }
    }
}
