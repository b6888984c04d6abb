package dev.jbuild.cli.image;

import dev.jbuild.cli.report.HumanText;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What `jbuild images` shows of one name.
///
/// @param created when it says it was made, else when it got its name
/// @param size of all files, negative if unknown
record ImageRow(
        @Nullable ImageReference name,
        Digest id,
        Digest digest,
        @Nullable Instant created,
        long size,
        List<String> platforms,
        Map<String, String> labels) {
    static final String NONE = "<none>";
    static final String UNKNOWN = "N/A";
    private static final int SHORT = 12;

    ImageRow {
        platforms = List.copyOf(platforms);
        labels = Map.copyOf(labels);
    }

    static ImageRow of(LocalImage image, LayerSizes sizes) {
        Optional<LocalImage.ForPlatform> shown = image.shown();
        return new ImageRow(
                image.name(),
                image.id(),
                image.root().digest(),
                shown.map(platform -> said(platform.config().created())).orElse(image.tagged()),
                shown.map(sizes::estimated).orElse(-1L),
                image.platforms().stream()
                        .map(platform -> platform.platform().toString())
                        .toList(),
                shown.<Map<String, String>>map(
                                platform -> platform.config().config().labels())
                        .orElse(Map.of()));
    }

    /// The time that an image or an instruction gives for its making; null if it gives none, or the beginning of
    /// time, which is what reproducible builds without a clock write.
    static @Nullable Instant said(@Nullable Instant created) {
        return created == null || created.equals(Instant.EPOCH) ? null : created;
    }

    /// An image whose documents cannot be read.
    static ImageRow damaged(ImageStore.Entry entry) {
        Digest digest = entry.descriptor().digest();
        return new ImageRow(LocalImage.reference(entry), digest, digest, null, -1, List.of(), Map.of());
    }

    String repository() {
        return name == null ? NONE : name.familiarName();
    }

    String tag() {
        return name == null || name.tag() == null ? NONE : name.tag();
    }

    String shownId(boolean whole) {
        return shortened(id, whole);
    }

    static String shortened(Digest digest, boolean whole) {
        return whole ? digest.toString() : digest.hex().substring(0, SHORT);
    }

    String shownSize() {
        return size < 0 ? UNKNOWN : HumanText.size(size);
    }

    ImageFilter.Candidate candidate() {
        return new ImageFilter.Candidate(name, created, labels);
    }

    /// When it was made; images that do not say come last.
    Instant order() {
        return created == null ? Instant.MIN : created;
    }
}
