package dev.jbuild.layerstore.oci;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// The identity of a stack of layers, as the OCI image specification computes it from their diff IDs.
public record ChainId(Digest digest) {
    /// The chain ID of the layers, lowest first.
    ///
    /// @throws IllegalArgumentException if there is no layer
    public static ChainId of(List<DiffId> layers) {
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a chain has at least one layer");
        }
        Digest chain = layers.getFirst().digest();
        for (DiffId next : layers.subList(1, layers.size())) {
            chain = Digest.of((chain + " " + next).getBytes(StandardCharsets.US_ASCII));
        }
        return new ChainId(chain);
    }

    @Override
    public String toString() {
        return digest.toString();
    }
}
