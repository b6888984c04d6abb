package dev.jbuild.exporter;

import dev.jbuild.layerstore.snapshot.MountedView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The root file systems of a build, mounted until this is closed, each with the folder it goes to.
final class RootFileSystems implements AutoCloseable {
    private final List<MountedView> views = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();

    /// One root file system.
    ///
    /// @param folder where its files go, below the destination; null for the destination itself
    /// @param attestations the files that are told of it, by name
    record Part(Path rootfs, @Nullable String folder, String platform, SortedMap<String, byte[]> attestations) {
        /// A root file system of which nothing is told.
        Part(Path rootfs, @Nullable String folder, String platform) {
            this(rootfs, folder, platform, new TreeMap<>());
        }
    }

    private RootFileSystems() {}

    static RootFileSystems mount(ExportRequest request, ExportSpec.PlatformSplit split, String prefix)
            throws IOException, InterruptedException {
        RootFileSystems mounted = new RootFileSystems();
        try {
            for (PlatformResult result : request.platforms()) {
                MountedView view = result.rootfs();
                mounted.views.add(view);
                String folder =
                        split.splits(request.index()) ? result.platform().pathName() : null;
                Part part = new Part(view.path(), folder, result.platform().toString());
                boolean several = folder == null && request.platforms().size() > 1;
                part.attestations().putAll(AttestationFiles.of(part, result.predicates(null), prefix, several));
                mounted.parts.add(part);
            }
            return mounted;
        } catch (IOException | InterruptedException | RuntimeException e) {
            mounted.close();
            throw e;
        }
    }

    List<Part> parts() {
        return parts;
    }

    @Override
    public void close() {
        views.forEach(MountedView::close);
    }
}
