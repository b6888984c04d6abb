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

/// A result of which two things are told: what is in it, and, in images alone, how it was made.
record Attested(PlatformResult result) implements PlatformResult {
    @Override
    public Platform platform() {
        return result.platform();
    }

    @Override
    public ImageConfig config() {
        return result.config();
    }

    @Override
    public List<LayerBlob> layers(LayerFormat format) throws IOException, InterruptedException {
        return result.layers(format);
    }

    @Override
    public MountedView rootfs() throws IOException, InterruptedException {
        return result.rootfs();
    }

    @Override
    public List<Predicate> predicates(@Nullable LayerFormat format) {
        return List.of(
                new Predicate(Predicate.SPDX, "sbom.spdx.json", false, "{\"name\":\"x\"}"),
                new Predicate("https://slsa.dev/provenance/v1", "provenance.json", true, "{}"));
    }
}
