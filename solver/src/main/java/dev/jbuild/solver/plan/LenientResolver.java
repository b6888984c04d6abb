package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/// Answers for images that cannot be found too, and remembers which they were. Used by many threads.
final class LenientResolver implements ImageResolver {
    private final ImageResolver resolver;
    private final Set<String> missing = new ConcurrentSkipListSet<>();

    LenientResolver(ImageResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public ResolvedImage resolve(ImageReference reference, Platform platform) throws InterruptedException {
        try {
            return resolver.resolve(reference, platform);
        } catch (IOException | ImageNotFoundException e) {
            return unknown(reference.familiar().replaceFirst(":latest$", ""), platform, e);
        }
    }

    @Override
    public ResolvedImage resolve(Path layout, String reference, Platform platform) throws InterruptedException {
        try {
            return resolver.resolve(layout, reference, platform);
        } catch (IOException | ImageNotFoundException e) {
            return unknown(layout.toString(), platform, e);
        }
    }

    private ResolvedImage unknown(String name, Platform platform, Exception reason) {
        String message = String.valueOf(reason.getMessage());
        missing.add(message.contains(name) ? message : name + ": " + message);
        return ResolvedImage.unknown(platform);
    }

    /// Each image that was not found, with the reason.
    List<String> missing() {
        return List.copyOf(missing);
    }
}
