package dev.jbuild.layerstore.snapshot;

import java.io.IOException;
import java.io.InputStream;

/// Where the bytes of a layer come from: a blob of the store, or a download that is still running.
@FunctionalInterface
public interface LayerSource {
    /// The layer from its first byte, compressed or not. It may be asked for twice, the second time only after the
    /// first stream was read to its end and closed.
    InputStream open() throws IOException, InterruptedException;
}
