package dev.jbuild.cli;

import dev.jbuild.cli.image.ImageBlobs;
import dev.jbuild.cli.image.LocalImage;
import dev.jbuild.layerstore.Garbage;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes names from images, and knows what then nothing needs any more.
final class ImageRemoval {
    private final LayerStore store;
    private final boolean dry;
    private final List<ImageStore.Entry> staying;
    private final Set<Digest> blobs = new HashSet<>();

    /// @param dry whether only to find out
    ImageRemoval(LayerStore store, boolean dry) {
        this.store = store;
        this.dry = dry;
        this.staying = new ArrayList<>(store.images().list());
    }

    /// What the removal of a name came to.
    ///
    /// @param untagged the name that the image has no longer; empty if it had none
    /// @param deleted the image's ID, if this was the last that kept it
    record Removed(Optional<String> untagged, Optional<Digest> deleted) {}

    Removed remove(ImageStore.Entry entry) {
        staying.removeIf(each -> each.name().equals(entry.name()));
        Digest root = entry.descriptor().digest();
        boolean last =
                staying.stream().noneMatch(each -> each.descriptor().digest().equals(root));
        Optional<Digest> deleted = last ? Optional.of(id(entry)) : Optional.empty();
        if (last) {
            blobs.addAll(new ImageBlobs(store.content()).reachable(entry.descriptor()));
        }
        if (!dry) {
            store.images().remove(entry.name());
        }
        ImageReference name = LocalImage.reference(entry);
        return new Removed(Optional.ofNullable(name).map(ImageReference::familiar), deleted);
    }

    private Digest id(ImageStore.Entry entry) {
        try {
            return LocalImage.read(entry, store.content()).id();
        } catch (OciFormatException | StoreException e) {
            // What cannot be read can still be removed.
            return entry.descriptor().digest();
        }
    }

    /// The blobs of deleted images that no other image, no base image that is remembered and no layer of
    /// the build cache needs.
    Garbage garbage() {
        List<Digest> going = new ArrayList<>();
        long bytes = 0;
        if (!blobs.isEmpty()) {
            for (StoreItem item : StoreUsage.of(store, staying)) {
                if (item.place() instanceof StoreItem.Place.InBlobs(var digests) && isUnneeded(item.standing())) {
                    for (Digest digest : digests) {
                        if (blobs.contains(digest)) {
                            going.add(digest);
                            bytes += store.content().size(digest);
                        }
                    }
                }
            }
        }
        return new Garbage(List.of(), going, bytes);
    }

    private static boolean isUnneeded(StoreItem.Standing standing) {
        return switch (standing) {
            case KEPT, CACHED -> false;
            case UNUSED, ORPHAN -> true;
        };
    }
}
