package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// What names meant when a registry was last asked, so that not every build has to ask.
///
/// A name by digest is remembered for good; a tag for a time to live.
public final class TagMemory {
    private final LayerStore store;
    private final InstantSource clock;
    private final Freshness freshness;

    public TagMemory(LayerStore store, InstantSource clock, Freshness freshness) {
        this.store = store;
        this.clock = clock;
        this.freshness = freshness;
    }

    /// What the name means, unless that has to be asked.
    Optional<Descriptor> find(ImageReference reference) {
        Path file = file(reference);
        try {
            Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), clock.instant());
            return reference.digest() == null && !freshness.isFresh(age) ? Optional.empty() : last(reference);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /// What the name meant when it was last asked for, however long ago.
    Optional<Descriptor> last(ImageReference reference) {
        Path file = file(reference);
        try {
            return Optional.of(OciJson.readDescriptor(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    void put(ImageReference reference, Descriptor root) {
        Path file = file(reference);
        try {
            Files.createDirectories(directory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory(), e);
        }
        store.publish(file, OciJson.writeDescriptor(root));
    }

    private Path directory() {
        return store.cacheDir().resolve("names");
    }

    private Path file(ImageReference reference) {
        String name =
                Digest.of(reference.toString().getBytes(StandardCharsets.UTF_8)).hex();
        return directory().resolve(name);
    }
}
