package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.io.InputStream;

/// A layer, wherever it is.
///
/// @param digest of the layer as it is kept
/// @param size of the layer as it is kept, compressed or not
public record LayerSource(Digest digest, long size, Opening opening) {
    /// Opens the layer as it is kept. The stream fails at its end if it was not what the digest promises.
    @FunctionalInterface
    public interface Opening {
        InputStream open() throws IOException, InterruptedException;
    }
}
