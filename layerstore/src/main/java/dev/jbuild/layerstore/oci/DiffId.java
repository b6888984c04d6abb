package dev.jbuild.layerstore.oci;

/// The digest of a layer's uncompressed tar. A type of its own: the digest of the compressed blob is
/// another value.
public record DiffId(Digest digest) {
    /// Parses `sha256:<hex>`.
    public static DiffId parse(String text) {
        return new DiffId(Digest.parse(text));
    }

    @Override
    public String toString() {
        return digest.toString();
    }
}
