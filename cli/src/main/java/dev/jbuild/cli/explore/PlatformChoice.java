package dev.jbuild.cli.explore;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Platform;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Which of an image's platforms to look at.
public sealed interface PlatformChoice {
    /// Every one that is there.
    record All() implements PlatformChoice {}

    /// This one and no other.
    record Only(Platform platform) implements PlatformChoice {}

    /// This one, or if it is not there the first.
    record Preferred(Platform platform) implements PlatformChoice {}

    /// The chosen ones of an index's images.
    ///
    /// @throws StoreException of kind MISSING if there are none
    default List<Descriptor> of(List<Descriptor> images) {
        List<Descriptor> chosen = switch (this) {
            case All all -> images;
            case Only(Platform wanted) -> matching(wanted, images);
            case Preferred(Platform wanted) -> {
                List<Descriptor> found = matching(wanted, images);
                yield found.isEmpty() ? images.stream().limit(1).toList() : found;
            }
        };
        if (chosen.isEmpty()) {
            throw missing(images.stream()
                    .map(each -> each.platform() == null
                            ? "an unnamed platform"
                            : each.platform().toString())
                    .collect(Collectors.joining(", ")));
        }
        return chosen;
    }

    /// Checks the platform of an image that is for one only.
    ///
    /// @throws StoreException of kind MISSING if it is not wanted
    default void check(Platform there) {
        if (this instanceof Only(Platform wanted) && !wanted.equals(there)) {
            throw missing(there.toString());
        }
    }

    private static List<Descriptor> matching(Platform wanted, List<Descriptor> images) {
        Optional<Descriptor> found =
                images.stream().filter(each -> wanted.equals(each.platform())).findFirst();
        return found.stream().toList();
    }

    private StoreException missing(String there) {
        String wanted = this instanceof Only(Platform platform) ? platform.toString() : "any platform";
        return new StoreException(
                StoreException.Kind.MISSING,
                "the image has nothing for " + wanted + (there.isEmpty() ? "" : "; it is for " + there));
    }
}
