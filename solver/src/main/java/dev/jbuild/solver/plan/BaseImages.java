package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.solver.graph.Op;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// The base images of one build, each resolved once and all side by side.
final class BaseImages implements AutoCloseable {
    private final ImageResolver resolver;
    private final Map<String, NamedContext> contexts;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Key, Future<ResolvedImage>> images = new ConcurrentHashMap<>();

    private record Key(NamedContext place, Platform platform) {}

    /// An image and the operation that stands for its layers.
    record Base(ResolvedImage image, Op op, String name) {}

    BaseImages(ImageResolver resolver, Map<String, NamedContext> contexts) {
        this.resolver = resolver;
        this.contexts = contexts;
    }

    /// The named context that replaces this name, null if none does. `NAME::PLATFORM` is asked before `NAME`.
    @Nullable
    NamedContext context(String name, Platform platform) {
        for (String spelling : new String[] {name, familiar(name)}) {
            NamedContext forPlatform = contexts.get(spelling + "::" + platform);
            NamedContext context = forPlatform != null ? forPlatform : contexts.get(spelling);
            if (context != null) {
                return context;
            }
        }
        return null;
    }

    private static String familiar(String name) {
        try {
            String familiar = ImageReference.parse(name).familiar();
            return familiar.endsWith(":latest") ? familiar.substring(0, familiar.length() - 7) : familiar;
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    /// Where an image of this name is to be found.
    NamedContext place(String name, Platform platform) {
        NamedContext context = context(name, platform);
        return context != null ? context : new NamedContext.Image(name);
    }

    static boolean isImage(NamedContext place) {
        return place instanceof NamedContext.Image || place instanceof NamedContext.OciLayout;
    }

    /// Begins to resolve an image that will be needed.
    void prefetch(NamedContext place, Platform platform) {
        if (isImage(place)) {
            images.computeIfAbsent(
                    new Key(place, platform), key -> threads.submit(() -> resolve(key.place(), key.platform())));
        }
    }

    /// The image at this place.
    Base get(NamedContext place, Platform platform) throws IOException, InterruptedException {
        prefetch(place, platform);
        Future<ResolvedImage> future = images.get(new Key(place, platform));
        if (future == null) {
            throw new IllegalArgumentException("not an image: " + place);
        }
        try {
            ResolvedImage image = future.get();
            return switch (place) {
                case NamedContext.Image(String reference) -> {
                    ImageReference named = ImageReference.parse(reference);
                    yield new Base(
                            image,
                            new Op.ImageSource(named.withDigest(image.digest()).toString(), platform, image.digest()),
                            named + (named.digest() == null ? "@" + image.digest() : ""));
                }
                case NamedContext.OciLayout(var path, var reference) ->
                    new Base(
                            image,
                            new Op.OciLayoutSource(path.toString(), platform, image.digest()),
                            "oci-layout://" + path + (reference.isEmpty() ? "" : ":" + reference) + "@"
                                    + image.digest());
                case NamedContext.Directory directory ->
                    throw new IllegalArgumentException("not an image: " + directory);
                case NamedContext.Scratch none -> throw new IllegalArgumentException("not an image: " + none);
                case NamedContext.Remote remote -> throw new IllegalArgumentException("not an image: " + remote);
            };
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException unchecked -> throw unchecked;
                case InterruptedException interrupted -> throw interrupted;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    private ResolvedImage resolve(NamedContext place, Platform platform) throws IOException, InterruptedException {
        return switch (place) {
            case NamedContext.Image(String reference) -> resolver.resolve(parse(reference), platform);
            case NamedContext.OciLayout(var path, var reference) -> resolver.resolve(path, reference, platform);
            case NamedContext.Directory directory -> throw new IllegalArgumentException("not an image: " + directory);
            case NamedContext.Scratch none -> throw new IllegalArgumentException("not an image: " + none);
            case NamedContext.Remote remote -> throw new IllegalArgumentException("not an image: " + remote);
        };
    }

    private static ImageReference parse(String reference) {
        try {
            return ImageReference.parse(reference);
        } catch (IllegalArgumentException e) {
            throw new ImageNotFoundException(e.getMessage() == null ? "invalid image name" : e.getMessage());
        }
    }

    /// Everything that was resolved, by manifest digest in hexadecimal.
    Map<String, ResolvedImage> resolved() {
        Map<String, ResolvedImage> resolved = new HashMap<>();
        for (Future<ResolvedImage> image : images.values()) {
            if (image.state() == Future.State.SUCCESS) {
                resolved.put(image.resultNow().digest().hex(), image.resultNow());
            }
        }
        return resolved;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
