package dev.jbuild.solver;

import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.layerstore.snapshot.MountedView;
import dev.jbuild.solver.graph.Vertex;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What was built for one platform. Good until its [Build] is closed.
public final class SolvedImage {
    private final Solver solver;
    private final Platform platform;
    private final ImageConfig config;
    private final @Nullable Vertex vertex;

    SolvedImage(Solver solver, Platform platform, ImageConfig config, @Nullable Vertex vertex) {
        this.solver = solver;
        this.platform = platform;
        this.config = config;
        this.vertex = vertex;
    }

    public Platform platform() {
        return platform;
    }

    /// The image configuration, all but its diff IDs.
    public ImageConfig config() {
        return config;
    }

    /// What made it, null if it is empty.
    public @Nullable Vertex vertex() {
        return vertex;
    }

    /// The layers that a vertex which this image stands on ends with, as blobs of the content store, lowest first.
    public List<LayerBlob> layersOf(Vertex below, LayerFormat format) throws IOException, InterruptedException {
        return solver.blobs(below, format);
    }

    /// The layers as blobs of the content store, lowest first.
    public List<LayerBlob> layers(LayerFormat format) throws IOException, InterruptedException {
        return vertex == null ? List.of() : solver.blobs(vertex, format);
    }

    /// The file system, mounted for reading.
    public MountedView rootfs() throws InterruptedException {
        return solver.openView(vertex);
    }
}
