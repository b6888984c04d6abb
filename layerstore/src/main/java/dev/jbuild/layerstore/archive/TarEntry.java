package dev.jbuild.layerstore.archive;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a tar says of one file. Names are bytes, for so they are in the archive and in the kernel.
///
/// @param type one of the types of [TarHeader]
/// @param link what a symbolic link says, or which file a hard link is
/// @param size the file's size, which for a sparse file is not the size of what the archive holds
/// @param xattrs extended attributes, their values as they are
/// @param sparse where a sparse file has its data
@SuppressWarnings("ArrayRecordComponent") // bytes are what it is about; two are never compared
record TarEntry(
        byte[] name,
        byte type,
        byte[] link,
        long size,
        int mode,
        long uid,
        long gid,
        long mtimeSeconds,
        int mtimeNanos,
        int deviceMajor,
        int deviceMinor,
        SortedMap<String, byte[]> xattrs,
        SparseMap sparse) {
    TarEntry {
        xattrs = Collections.unmodifiableSortedMap(new TreeMap<>(xattrs));
    }

    /// The name in messages.
    String shown() {
        return new String(name, StandardCharsets.UTF_8);
    }
}
