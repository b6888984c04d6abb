package dev.jbuild.layerstore.archive;

import java.io.IOException;
import java.io.InputStream;

/// Takes the entries of a tar.
interface TarOutput {
    /// Writes an entry's headers. If it is a regular file, its content is to follow at once.
    void header(TarEntry entry) throws IOException;

    /// Writes the content that the header before promised.
    ///
    /// @param shown what it is, for messages
    void content(InputStream in, long size, String shown) throws IOException;

    /// Writes the archive's end.
    void finish() throws IOException;
}
