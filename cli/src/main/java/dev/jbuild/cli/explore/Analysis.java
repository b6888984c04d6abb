package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.archive.Decompressor;
import dev.jbuild.layerstore.archive.LayerReader;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.History;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What is inside the image for one platform.
///
/// @param digest of the manifest, or of the configuration where there is none
/// @param steps all instructions, the oldest first
/// @param files each directory before what is in it
/// @param wasteful places in `files` of those of which a layer has bytes that the image does not show, the most
/// wasteful first
/// @param largest places in `files` of the files of the image, the largest first
/// @param written the bytes of the files in all layers
/// @param smallest the bytes there would be if every path had only its smallest version, and none if it is removed
public record Analysis(
        Platform platform,
        Digest digest,
        Digest configDigest,
        List<ExploredLayer> layers,
        List<Step> steps,
        List<ExploredFile> files,
        List<Integer> wasteful,
        List<Integer> largest,
        long written,
        long smallest) {
    /// No engine takes as many.
    private static final int MOST_LAYERS = 2000;

    public Analysis {
        layers = List.copyOf(layers);
        steps = List.copyOf(steps);
        files = List.copyOf(files);
        wasteful = List.copyOf(wasteful);
        largest = List.copyOf(largest);
    }

    /// Reads all layers of an image.
    ///
    /// @param places of the instructions in a Dockerfile, in the order of the image's history; may be shorter
    public static Analysis of(ImageForPlatform image, List<String> places) throws IOException, InterruptedException {
        if (image.layers().size() > MOST_LAYERS) {
            throw new StoreException(
                    StoreException.Kind.UNSUPPORTED,
                    "the image has " + image.layers().size() + " layers; jbuild explores up to " + MOST_LAYERS);
        }
        FileTree tree = new FileTree();
        for (LayerSource layer : image.layers()) {
            tree.nextLayer();
            read(layer, tree);
        }
        List<ExploredFile> files = tree.files();
        long written = 0;
        long smallest = 0;
        for (ExploredFile file : files) {
            written += file.written();
            smallest += file.smallest();
        }
        return new Analysis(
                image.platform(),
                image.digest(),
                image.configDigest(),
                layers(image, files),
                steps(image, places),
                files,
                wasteful(files),
                largest(files),
                written,
                smallest);
    }

    private static void read(LayerSource layer, FileTree tree) throws IOException, InterruptedException {
        try (InputStream kept = layer.opening().open();
                InputStream tar = Decompressor.open(kept)) {
            LayerReader.read(tar, tree::add);
            // The digest is checked at the very end, which may be behind that of the tar.
            kept.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            if (e.getCause() instanceof StoreException known) {
                throw known;
            }
            throw new IOException("cannot read layer " + layer.digest() + ": " + e.getMessage(), e);
        }
    }

    private static List<ExploredLayer> layers(ImageForPlatform image, List<ExploredFile> files) {
        List<Sum> sums = image.layers().stream().map(layer -> new Sum()).toList();
        for (ExploredFile file : files) {
            for (int i = 0; i < file.changes().size(); i++) {
                Change change = file.changes().get(i);
                sums.get(change.layer()).add(change, i < file.changes().size() - 1);
            }
        }
        List<ExploredLayer> layers = new ArrayList<>();
        for (int i = 0; i < sums.size(); i++) {
            LayerSource layer = image.layers().get(i);
            Sum sum = sums.get(i);
            layers.add(new ExploredLayer(
                    layer.digest(), layer.size(), sum.bytes, sum.wasted, sum.added, sum.modified, sum.removed));
        }
        return layers;
    }

    /// What a layer does, added up.
    private static final class Sum {
        private long bytes;
        private long wasted;
        private int added;
        private int modified;
        private int removed;

        void add(Change change, boolean hidden) {
            bytes += ExploredFile.bytes(change);
            wasted += hidden ? ExploredFile.bytes(change) : 0;
            switch (change.kind()) {
                case ADDED -> added++;
                case MODIFIED, ATTRIBUTES, REPEATED -> modified++;
                case REMOVED -> removed++;
            }
        }
    }

    /// The instructions; layers that the history knows nothing of come first, for they are the base's.
    private static List<Step> steps(ImageForPlatform image, List<String> places) {
        List<History> history = image.config().history();
        int layers = image.layers().size();
        int told = (int) history.stream().filter(line -> !line.emptyLayer()).count();
        List<Step> steps = new ArrayList<>();
        int layer = 0;
        for (; layer < layers - told; layer++) {
            steps.add(new Step("", "", layer));
        }
        for (int i = 0; i < history.size(); i++) {
            boolean made = !history.get(i).emptyLayer() && layer < layers;
            String place = i < places.size() ? places.get(i) : "";
            steps.add(new Step(history.get(i).createdBy(), place, made ? layer++ : -1));
        }
        return steps;
    }

    private static List<Integer> wasteful(List<ExploredFile> files) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).wasted() > 0) {
                found.add(i);
            }
        }
        // Sorting is stable: what wastes as much stays in the order of paths.
        found.sort(
                Comparator.comparingLong((Integer i) -> files.get(i).wasted()).reversed());
        return found;
    }

    private static List<Integer> largest(List<ExploredFile> files) {
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
            if (files.get(i).remains() && size(files.get(i)) > 0) {
                found.add(i);
            }
        }
        found.sort(Comparator.comparingLong((Integer i) -> size(files.get(i))).reversed());
        return found;
    }

    private static long size(ExploredFile file) {
        return ExploredFile.bytes(file.changes().getLast());
    }

    /// The bytes in layers that the image does not show.
    public long wasted() {
        return layers.stream().mapToLong(ExploredLayer::wasted).sum();
    }

    /// The layers' size as they are kept.
    public long size() {
        return layers.stream().mapToLong(ExploredLayer::size).sum();
    }

    /// From 0 to 1, which is an image in which no layer hides a file of another.
    public double efficiency() {
        return written == 0 ? 1 : (double) smallest / written;
    }

    /// A change and the place in `files` of what it changes.
    record Place(int file, Change change) {}

    /// A layer and what it changes, in the order of `files`.
    record LayerChanges(ExploredLayer layer, List<Place> places) {}

    /// The changes of each layer.
    List<LayerChanges> byLayer() {
        List<LayerChanges> all = new ArrayList<>();
        layers.forEach(layer -> all.add(new LayerChanges(layer, new ArrayList<>())));
        for (int i = 0; i < files.size(); i++) {
            for (Change change : files.get(i).changes()) {
                all.get(change.layer()).places().add(new Place(i, change));
            }
        }
        return all;
    }

    /// The whole path of a file, from its place in `files`.
    public String path(int file) {
        List<String> parts = new ArrayList<>();
        for (int i = file; i > 0; i = files.get(i).parent()) {
            parts.addFirst(files.get(i).name());
        }
        return "/" + String.join("/", parts);
    }
}
