package dev.jbuild.exporter;

import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.layerstore.snapshot.MountedView;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a build made for one platform. Nothing of it is made before it is asked for.
public interface PlatformResult {
    Platform platform();

    /// The image configuration but for its diff IDs and the times of what this build did, which the exporter sets:
    /// a line of history without a time is one of this build's.
    ImageConfig config();

    /// The layers, lowest first: the build's own in this format, the base's as they came. When this returns, the blobs
    /// are in the content store.
    List<LayerBlob> layers(LayerFormat format) throws IOException, InterruptedException;

    /// The root file system, mounted read-only. The caller closes it.
    MountedView rootfs() throws IOException, InterruptedException;

    /// What is to be told beside it: provenance, lists of packages.
    ///
    /// @param format the form in which the output has the layers, null for outputs that have none
    default List<Predicate> predicates(@Nullable LayerFormat format) throws IOException, InterruptedException {
        return List.of();
    }
}
