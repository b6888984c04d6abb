package dev.jbuild.cli;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.solver.Build;
import dev.jbuild.solver.fetch.Freshness;
import dev.jbuild.solver.plan.ImageNotFoundException;
import dev.jbuild.solver.plan.ImageResolver;
import dev.jbuild.solver.plan.ResolvedImage;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Base images for a check: the store is opened when the first image is asked for, and need not be there.
final class CheckedImages implements ImageResolver {
    private final BuildSession session;
    private final Freshness freshness;
    private @Nullable ImageResolver resolver;

    CheckedImages(BuildSession session, Freshness freshness) {
        this.session = session;
        this.freshness = freshness;
    }

    @Override
    public ResolvedImage resolve(ImageReference reference, Platform platform) throws IOException, InterruptedException {
        return resolver().resolve(reference, platform);
    }

    @Override
    public ResolvedImage resolve(Path layout, String reference, Platform platform)
            throws IOException, InterruptedException {
        return resolver().resolve(layout, reference, platform);
    }

    private synchronized ImageResolver resolver() throws InterruptedException {
        ImageResolver made = resolver;
        if (made == null) {
            try {
                made = Build.images(
                        session.store(), session.registries(), session.io().clock(), freshness);
                resolver = made;
            } catch (StoreException e) {
                throw new ImageNotFoundException(String.valueOf(e.getMessage()));
            }
        }
        return made;
    }
}
