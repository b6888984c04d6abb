package dev.jbuild.cli.image;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds images of the store by what people call them: a name, an ID, or its beginning.
public final class LocalImages {
    private static final Pattern ID = Pattern.compile("(?:sha256:)?([0-9a-f]{4,64})");

    // Longer than any name's last part may seem by chance: `sha256:` and digits, or all 64 digits.
    private static final int SHORTEST_LONG_ID = 63;

    /// As the list of images shows them, and longer where that is not enough.
    private static final int SHORT_ID = 16;

    private final LayerStore store;

    public LocalImages(LayerStore store) {
        this.store = store;
    }

    /// The image of this name or ID.
    ///
    /// @throws StoreException if there is none; the message names the nearest
    public LocalImage find(String text) throws OciFormatException {
        List<ImageStore.Entry> entries = findEntries(text);
        return LocalImage.read(entries.getFirst(), store.content());
    }

    /// All names of the image meant: one if it was called by a name, perhaps more if it was called by its ID.
    public List<ImageStore.Entry> findEntries(String text) throws OciFormatException {
        List<ImageStore.Entry> entries = store.images().list();
        Optional<ImageStore.Entry> named = byName(text, entries);
        if (named.isPresent()) {
            return List.of(named.get());
        }
        List<ImageStore.Entry> found = byId(text, entries);
        if (found.isEmpty()) {
            throw notFound(text, entries);
        }
        Set<Digest> different = new HashSet<>();
        found.forEach(entry -> different.add(entry.descriptor().digest()));
        if (different.size() > 1) {
            throw ambiguous(text, found);
        }
        return found;
    }

    private StoreException ambiguous(String text, List<ImageStore.Entry> found) throws OciFormatException {
        Set<String> ids = new TreeSet<>();
        for (ImageStore.Entry entry : found) {
            String id = id(entry).hex();
            ids.add((id.startsWith(text.replaceFirst("^sha256:", ""))
                            ? id
                            : entry.descriptor().digest().hex())
                    .substring(0, SHORT_ID));
        }
        return new StoreException(
                StoreException.Kind.CONFLICT,
                "\"" + text + "\" is the beginning of " + ids.size() + " image IDs: " + String.join(", ", ids)
                        + "; give more of it");
    }

    /// Understands a name that a user gave.
    ///
    /// @throws UsageException if it is not one
    public static ImageReference parse(String text) {
        try {
            return ImageReference.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() == null ? "invalid image name" : e.getMessage());
        }
    }

    /// The name, or null if the text is none.
    static @Nullable ImageReference parseOrNull(String text) {
        try {
            return ImageReference.parse(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Optional<ImageStore.Entry> byName(String text, List<ImageStore.Entry> entries) {
        if (ID.matcher(text).matches() && text.length() > SHORTEST_LONG_ID) {
            return Optional.empty();
        }
        ImageReference reference = parse(text);
        Digest digest = reference.digest();
        return entries.stream()
                .filter(entry -> {
                    ImageReference name = LocalImage.reference(entry);
                    if (name == null) {
                        return false;
                    }
                    return digest == null
                            ? name.equals(reference)
                            : name.name().equals(reference.name())
                                    && entry.descriptor().digest().equals(digest);
                })
                .findFirst();
    }

    private List<ImageStore.Entry> byId(String text, List<ImageStore.Entry> entries) throws OciFormatException {
        var matcher = ID.matcher(text);
        if (!matcher.matches()) {
            return List.of();
        }
        String start = matcher.group(1);
        List<ImageStore.Entry> found = new ArrayList<>();
        for (ImageStore.Entry entry : entries) {
            if (entry.descriptor().digest().hex().startsWith(start)
                    || id(entry).hex().startsWith(start)) {
                found.add(entry);
            }
        }
        return found;
    }

    // An image that cannot be read can still be called by its manifest's digest, to remove it.
    private Digest id(ImageStore.Entry entry) throws OciFormatException {
        try {
            return LocalImage.read(entry, store.content()).id();
        } catch (StoreException e) {
            return entry.descriptor().digest();
        }
    }

    private static StoreException notFound(String text, List<ImageStore.Entry> entries) {
        List<String> names = new ArrayList<>();
        for (ImageStore.Entry entry : entries) {
            ImageReference name = LocalImage.reference(entry);
            if (name != null) {
                names.add(name.familiar());
                names.add(name.familiarName());
            }
        }
        String advice = Suggestion.didYouMean(text, names);
        if (advice == null) {
            advice = names.isEmpty() ? "there are no images yet" : "'jbuild images' lists those there are";
        }
        return new StoreException(StoreException.Kind.MISSING, "no such image: " + text + "; " + advice);
    }
}
