package dev.jbuild.solver.run;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.sandbox.RuntimeSpec;
import dev.jbuild.solver.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Places to mount on as a layer below all others, made before it is known what the root file system has.
///
/// What it has covers them, a symbolic link on the way included, so that only what is missing is seen. What a layer
/// above hides is missing still: that is for [MountPoints], at the price of a second mount. Processes with the same
/// mounts, which are most, share one such layer.
final class LikelyPlaces {
    private final LayerStore store;
    private final Map<List<Place>, Path> made = new HashMap<>();

    LikelyPlaces(LayerStore store) {
        this.store = store;
    }

    private record Place(String target, boolean isDirectory) {}

    /// The layer for these mounts, sorted by target.
    synchronized Path of(List<Sandbox.SandboxMount> mounts) throws IOException {
        List<Place> places = new ArrayList<>();
        for (String own : RuntimeSpec.MOUNT_POINTS) {
            places.add(new Place(own, true));
        }
        for (int i = 0; i < mounts.size(); i++) {
            Sandbox.SandboxMount mount = mounts.get(i);
            if (!ExecRunner.isBelow(mount.target(), mounts.subList(0, i))) {
                places.add(new Place(mount.target(), mount.isDirectory()));
            }
        }
        Path layer = made.get(places);
        if (layer == null) {
            layer = store.newTempDir("places");
            Kernel.chmod(layer, 0755);
            for (Place place : places) {
                make(layer, place);
            }
            made.put(List.copyOf(places), layer);
        }
        return layer;
    }

    private static void make(Path layer, Place place) throws IOException {
        Path relative = Path.of("/").relativize(Path.of(place.target()).normalize());
        for (Path name : Path.of(place.target())) {
            if (name.toString().equals("..")) {
                // Where that leads is known only when the links before it are.
                return;
            }
        }
        Path last = layer.resolve(relative);
        Path path = layer;
        for (Path name : relative) {
            path = path.resolve(name);
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            if (place.isDirectory() || !path.equals(last)) {
                Files.createDirectory(path);
                Kernel.chmod(path, 0755);
            } else {
                Files.createFile(path);
            }
        }
    }
}
