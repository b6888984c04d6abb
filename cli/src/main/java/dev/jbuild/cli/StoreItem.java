package dev.jbuild.cli;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.snapshot.SnapshotId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that takes space in the store.
///
/// @param id what people may call it
/// @param lastUsed as far as that is known
/// @param description for example the instruction that made it, empty if unknown
record StoreItem(
        Kind kind,
        Standing standing,
        String id,
        long bytes,
        @Nullable Instant lastUsed,
        String description,
        Place place) {
    /// What it is.
    enum Kind {
        IMAGE("Images"),
        BASE_IMAGE("Base images"),
        SNAPSHOT("Snapshots"),
        LAYER_BLOB("Layer blobs"),
        CACHE_MOUNT("Cache mounts"),
        CACHE_RECORD("Cache records"),
        CONTEXT("Contexts"),
        FAILED_STEP("Failed steps"),
        BUILD_LOG("Build logs"),
        REMOTE_SOURCE("Remote sources"),
        OTHER_BLOB("Other blobs");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        String title() {
            return title;
        }
    }

    /// Why it is there.
    enum Standing {
        /// A name of an image needs it.
        KEPT,
        /// It saves a later build work.
        CACHED,
        /// Nothing refers to it, though a build that wants just this content would find it.
        UNUSED,
        /// Nothing can ever use it again: a build was killed or superseded it.
        ORPHAN
    }

    /// Where it is.
    sealed interface Place {
        record InBlobs(List<Digest> digests) implements Place {
            public InBlobs {
                digests = List.copyOf(digests);
            }
        }

        record InSnapshot(SnapshotId snapshot) implements Place {}

        record InCache(Digest key) implements Place {}

        record InFiles(Path path) implements Place {}
    }
}
