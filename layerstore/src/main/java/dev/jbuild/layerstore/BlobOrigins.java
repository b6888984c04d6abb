package dev.jbuild.layerstore;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// In which repositories of registries the store's blobs are: those that they came from or were put into. A registry
/// can be asked to take a blob from there instead of getting it once more.
///
/// Only a hint: what is in a repository today may be gone tomorrow.
public final class BlobOrigins {
    private static final int MOST = 8;

    private final Path folder;
    private final TempArea temp;

    BlobOrigins(Path folder, TempArea temp) {
        this.folder = folder;
        this.temp = temp;
    }

    /// A repository of the target's registry, and not the target's own, that has had this blob; the last one that
    /// was noted.
    public Optional<ImageReference> besides(ImageReference target, Digest blob) {
        return read(blob).stream()
                .filter(name -> name.startsWith(target.registry() + "/") && !name.equals(target.name()))
                .findFirst()
                .flatMap(BlobOrigins::parse);
    }

    /// Notes that a blob is in the repository of this name. What is known is left alone.
    public void add(Digest blob, ImageReference repository) {
        List<String> known = read(blob);
        // A store that may only be read can be pushed from, and takes no notes.
        if (known.contains(repository.name()) || !Files.isWritable(folder.getParent())) {
            return;
        }
        List<String> names = new ArrayList<>(List.of(repository.name()));
        names.addAll(known.subList(0, Math.min(known.size(), MOST - 1)));
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw StoreException.of(e, folder, "note where a layer came from");
        }
        temp.publish(file(blob), String.join("\n", names).getBytes(StandardCharsets.UTF_8));
    }

    void remove(Digest blob) {
        try {
            Files.deleteIfExists(file(blob));
        } catch (IOException e) {
            throw StoreException.of(e, file(blob), "forget where a layer came from");
        }
    }

    private List<String> read(Digest blob) {
        try {
            return Files.readString(file(blob), StandardCharsets.UTF_8).lines().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw StoreException.of(e, file(blob), "read where a layer came from");
        }
    }

    private static Optional<ImageReference> parse(String name) {
        try {
            return Optional.of(ImageReference.parse(name));
        } catch (IllegalArgumentException e) {
            // Nothing that we wrote: then the blob is sent.
            return Optional.empty();
        }
    }

    private Path file(Digest blob) {
        return folder.resolve(blob.hex());
    }
}
