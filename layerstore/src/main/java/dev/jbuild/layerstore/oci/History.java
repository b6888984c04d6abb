package dev.jbuild.layerstore.oci;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One line of an image's history.
///
/// @param createdBy the instruction, empty if unknown
/// @param emptyLayer whether the instruction left no layer
/// @param place where the instruction stands, such as `Dockerfile:12`; empty if unknown. It is not in the image.
public record History(
        @Nullable Instant created,
        String createdBy,
        @Nullable String author,
        @Nullable String comment,
        boolean emptyLayer,
        String place) {
    public History(
            @Nullable Instant created,
            String createdBy,
            @Nullable String author,
            @Nullable String comment,
            boolean emptyLayer) {
        this(created, createdBy, author, comment, emptyLayer, "");
    }
}
