package dev.jbuild.layerstore;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Where in a Dockerfile the instructions stand that images were made with. An image itself does not tell: two
/// Dockerfiles that differ in a comment make the same.
public final class InstructionPlaces {
    private final Path folder;
    private final TempArea temp;

    InstructionPlaces(Path folder, TempArea temp) {
        this.folder = folder;
        this.temp = temp;
    }

    /// The places of the lines of an image's history, `Dockerfile:12`, each empty if it is not known; none if nothing
    /// was written down of this image.
    ///
    /// @param config the digest of the image configuration
    public List<String> of(Digest config) {
        Path file = file(config);
        try {
            return Arrays.asList(Files.readString(file, StandardCharsets.UTF_8).split("\n", -1));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw StoreException.of(e, file, "read where the instructions of an image stand");
        }
    }

    /// Writes them down. What is there and says the same is left alone.
    public void put(Digest config, List<String> places) {
        List<String> lines = places.stream()
                .map(place -> place.replace('\n', ' ').replace('\r', ' '))
                .toList();
        if (lines.stream().allMatch(String::isEmpty) || lines.equals(of(config))) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw StoreException.of(e, folder, "write down where the instructions of an image stand");
        }
        temp.publish(file(config), String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    }

    void remove(Digest config) {
        try {
            Files.deleteIfExists(file(config));
        } catch (IOException e) {
            throw StoreException.of(e, file(config), "forget where the instructions of an image stand");
        }
    }

    private Path file(Digest config) {
        return folder.resolve(config.hex());
    }
}
