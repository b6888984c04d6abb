package dev.jbuild.layerstore.archive;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How a layer's tar is compressed.
public enum Compression {
    NONE("uncompressed", "application/vnd.oci.image.layer.v1.tar", 0, 0),
    GZIP("gzip", "application/vnd.oci.image.layer.v1.tar+gzip", 0, 9),
    /// gzip that can be read from the middle, by means of [Estargz]'s table of contents.
    ESTARGZ("estargz", "application/vnd.oci.image.layer.v1.tar+gzip", 0, 9),
    ZSTD("zstd", "application/vnd.oci.image.layer.v1.tar+zstd", 0, 22);

    /// The level that stands for each compression's own default.
    public static final int DEFAULT_LEVEL = -1;

    /// So many bytes are enough for [#detect(byte[])].
    static final int MAGIC_LENGTH = 4;

    private final String word;
    private final String layerMediaType;
    private final int lowestLevel;
    private final int highestLevel;

    Compression(String word, String layerMediaType, int lowestLevel, int highestLevel) {
        this.word = word;
        this.layerMediaType = layerMediaType;
        this.lowestLevel = lowestLevel;
        this.highestLevel = highestLevel;
    }

    /// What people call it.
    public String word() {
        return word;
    }

    /// The compression that people call so.
    public static Optional<Compression> ofWord(String word) {
        return Arrays.stream(values())
                .filter(compression -> compression.word.equals(word))
                .findFirst();
    }

    /// What people call all of them.
    public static List<String> words() {
        return Arrays.stream(values()).map(Compression::word).toList();
    }

    /// The OCI media type of a layer so compressed.
    public String layerMediaType() {
        return layerMediaType;
    }

    /// Checks a compression level.
    ///
    /// @throws IllegalArgumentException if this compression has no such level; each has [#DEFAULT_LEVEL]
    public void checkLevel(int level) {
        if (level != DEFAULT_LEVEL && (level < lowestLevel || level > highestLevel)) {
            throw new IllegalArgumentException("compression level " + level + " is not between " + lowestLevel + " and "
                    + highestLevel + ", the levels of " + word);
        }
    }

    /// What the first bytes of a stream say of the rest.
    public static Compression detect(byte[] start) {
        if (start.length >= 2 && (start[0] & 0xff) == 0x1f && (start[1] & 0xff) == 0x8b) {
            return GZIP;
        }
        if (start.length >= 4) {
            int magic = (start[0] & 0xff) | (start[1] & 0xff) << 8 | (start[2] & 0xff) << 16 | (start[3] & 0xff) << 24;
            // The second is a skippable frame, which may stand first.
            if (magic == 0xFD2FB528 || (magic & 0xFFFFFFF0) == 0x184D2A50) {
                return ZSTD;
            }
        }
        return NONE;
    }
}
