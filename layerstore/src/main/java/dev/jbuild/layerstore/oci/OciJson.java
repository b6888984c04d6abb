package dev.jbuild.layerstore.oci;

/// Reads and writes the JSON of the OCI image specification.
///
/// Reading tolerates unknown fields and refuses everything that contradicts the specification. Writing is
/// compact and deterministic: fields in the order in which Docker and BuildKit write them, maps sorted.
public final class OciJson {
    /// The largest manifest, index or descriptor that is read, in bytes; registries refuse larger ones too.
    public static final int MAX_MANIFEST = 4 << 20;

    /// The largest image configuration that is read, in bytes.
    public static final int MAX_CONFIG = 8 << 20;

    private OciJson() {}

    public static ImageConfig readConfig(byte[] json) throws OciFormatException {
        return ConfigJson.read(json);
    }

    public static byte[] write(ImageConfig config) {
        return ConfigJson.write(config);
    }

    public static ImageManifest readManifest(byte[] json) throws OciFormatException {
        return ManifestJson.readManifest(json);
    }

    public static byte[] write(ImageManifest manifest) {
        return ManifestJson.write(manifest);
    }

    public static ImageIndex readIndex(byte[] json) throws OciFormatException {
        return ManifestJson.readIndex(json);
    }

    public static byte[] write(ImageIndex index) {
        return ManifestJson.write(index);
    }

    public static Descriptor readDescriptor(byte[] json) throws OciFormatException {
        return ManifestJson.readDescriptor(json);
    }

    public static byte[] writeDescriptor(Descriptor descriptor) {
        return ManifestJson.write(descriptor);
    }
}
