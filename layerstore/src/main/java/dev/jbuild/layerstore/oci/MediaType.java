package dev.jbuild.layerstore.oci;

/// The media types of images, in the OCI's and in Docker's (schema 2) spelling.
public final class MediaType {
    public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";
    public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
    public static final String OCI_LAYER_GZIP = OCI_LAYER + "+gzip";
    public static final String OCI_LAYER_ZSTD = OCI_LAYER + "+zstd";
    public static final String OCI_NONDISTRIBUTABLE_LAYER = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    public static final String OCI_NONDISTRIBUTABLE_LAYER_GZIP = OCI_NONDISTRIBUTABLE_LAYER + "+gzip";
    public static final String OCI_NONDISTRIBUTABLE_LAYER_ZSTD = OCI_NONDISTRIBUTABLE_LAYER + "+zstd";
    public static final String OCI_EMPTY = "application/vnd.oci.empty.v1+json";
    public static final String IN_TOTO = "application/vnd.in-toto+json";

    public static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
    public static final String DOCKER_LAYER_GZIP = DOCKER_LAYER + ".gzip";
    public static final String DOCKER_LAYER_ZSTD = DOCKER_LAYER + ".zstd";
    public static final String DOCKER_FOREIGN_LAYER = "application/vnd.docker.image.rootfs.foreign.diff.tar";
    public static final String DOCKER_FOREIGN_LAYER_GZIP = DOCKER_FOREIGN_LAYER + ".gzip";

    /// Docker's first manifest format. It is known only to be refused with an explanation.
    public static final String DOCKER_SCHEMA_1 = "application/vnd.docker.distribution.manifest.v1+json";

    public static final String DOCKER_SCHEMA_1_SIGNED = "application/vnd.docker.distribution.manifest.v1+prettyjws";

    private MediaType() {}

    /// An image index, which Docker calls a manifest list.
    public static boolean isIndex(String mediaType) {
        return mediaType.equals(OCI_INDEX) || mediaType.equals(DOCKER_INDEX);
    }

    /// The manifest of one image.
    public static boolean isManifest(String mediaType) {
        return mediaType.equals(OCI_MANIFEST) || mediaType.equals(DOCKER_MANIFEST);
    }

    /// An image configuration.
    public static boolean isConfig(String mediaType) {
        return mediaType.equals(OCI_CONFIG) || mediaType.equals(DOCKER_CONFIG);
    }

    /// A layer in any spelling and compression that this engine reads.
    public static boolean isLayer(String mediaType) {
        return switch (mediaType) {
            case OCI_LAYER, OCI_LAYER_GZIP, OCI_LAYER_ZSTD, DOCKER_LAYER, DOCKER_LAYER_GZIP, DOCKER_LAYER_ZSTD -> true;
            default -> isNondistributable(mediaType);
        };
    }

    /// A layer that its publisher asks not to push elsewhere.
    public static boolean isNondistributable(String mediaType) {
        return switch (mediaType) {
            case OCI_NONDISTRIBUTABLE_LAYER,
                    OCI_NONDISTRIBUTABLE_LAYER_GZIP,
                    OCI_NONDISTRIBUTABLE_LAYER_ZSTD,
                    DOCKER_FOREIGN_LAYER,
                    DOCKER_FOREIGN_LAYER_GZIP -> true;
            default -> false;
        };
    }

    /// A layer compressed with gzip.
    public static boolean isGzip(String mediaType) {
        return isLayer(mediaType) && (mediaType.endsWith("+gzip") || mediaType.endsWith(".gzip"));
    }

    /// A layer compressed with zstd.
    public static boolean isZstd(String mediaType) {
        return isLayer(mediaType) && (mediaType.endsWith("+zstd") || mediaType.endsWith(".zstd"));
    }

    /// A layer that is a plain tar.
    public static boolean isUncompressed(String mediaType) {
        return isLayer(mediaType) && mediaType.endsWith("tar");
    }

    /// One of Docker's types, which belong in Docker manifests only.
    public static boolean isDocker(String mediaType) {
        return mediaType.startsWith("application/vnd.docker.");
    }

    /// The OCI's spelling of a type of either spelling; a type without one stays as it is.
    public static String toOci(String mediaType) {
        return switch (mediaType) {
            case DOCKER_INDEX -> OCI_INDEX;
            case DOCKER_MANIFEST -> OCI_MANIFEST;
            case DOCKER_CONFIG -> OCI_CONFIG;
            case DOCKER_LAYER -> OCI_LAYER;
            case DOCKER_LAYER_GZIP -> OCI_LAYER_GZIP;
            case DOCKER_LAYER_ZSTD -> OCI_LAYER_ZSTD;
            case DOCKER_FOREIGN_LAYER -> OCI_NONDISTRIBUTABLE_LAYER;
            case DOCKER_FOREIGN_LAYER_GZIP -> OCI_NONDISTRIBUTABLE_LAYER_GZIP;
            default -> mediaType;
        };
    }

    /// Docker's spelling of a type of either spelling; a type without one stays as it is.
    public static String toDocker(String mediaType) {
        return switch (mediaType) {
            case OCI_INDEX -> DOCKER_INDEX;
            case OCI_MANIFEST -> DOCKER_MANIFEST;
            case OCI_CONFIG -> DOCKER_CONFIG;
            case OCI_LAYER -> DOCKER_LAYER;
            case OCI_LAYER_GZIP -> DOCKER_LAYER_GZIP;
            case OCI_LAYER_ZSTD -> DOCKER_LAYER_ZSTD;
            case OCI_NONDISTRIBUTABLE_LAYER -> DOCKER_FOREIGN_LAYER;
            case OCI_NONDISTRIBUTABLE_LAYER_GZIP -> DOCKER_FOREIGN_LAYER_GZIP;
            default -> mediaType;
        };
    }
}
