package dev.jbuild.layerstore;

import dev.jbuild.layerstore.content.Fields;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Names of images: each is one small file, replaced whole.
public final class ImageStore {
    private static final String ANNOTATION = "annotation.";

    private final Path folder;
    private final TempArea temp;

    ImageStore(Path folder, TempArea temp) {
        this.folder = folder;
        this.temp = temp;
    }

    /// A name and what it stands for.
    ///
    /// @param tagged when it came to stand for that
    public record Entry(String name, Descriptor descriptor, Instant tagged) {}

    /// What this name stands for.
    ///
    /// @param name an image reference in its canonical form, for example `docker.io/library/app:latest`
    public Optional<Descriptor> get(String name) {
        return entry(file(name)).map(Entry::descriptor);
    }

    /// Makes this name stand for an image. Whoever reads at the same time sees the old one or the new.
    public void put(String name, Descriptor image, Instant tagged) {
        Fields fields = new Fields()
                .with("name", name)
                .with("type", image.mediaType())
                .with("digest", image.digest().toString())
                .with("size", Long.toString(image.size()))
                .with("tagged", tagged.toString());
        if (image.platform() != null) {
            fields = fields.with("platform", image.platform().toString());
        }
        for (Map.Entry<String, String> annotation : image.annotations().entrySet()) {
            // A key may hold anything, a field's name may not.
            fields = fields.with(ANNOTATION + hex(annotation.getKey()), annotation.getValue());
        }
        temp.publish(file(name), fields);
    }

    /// Forgets a name; false if there was none. The image stays until the store is pruned.
    public boolean remove(String name) {
        try {
            return Files.deleteIfExists(file(name));
        } catch (IOException e) {
            throw StoreException.of(e, file(name), "remove the name " + name);
        }
    }

    /// All names, sorted.
    public List<Entry> list() {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                entry(file).ifPresent(entries::add);
            }
        } catch (IOException e) {
            throw StoreException.of(e, folder, "list the images");
        }
        entries.sort(Comparator.comparing(Entry::name));
        return entries;
    }

    /// A name's file is called by its digest: names are longer than file names may be, and have slashes.
    private Path file(String name) {
        return folder.resolve(Digest.of(name.getBytes(StandardCharsets.UTF_8)).hex());
    }

    private static Optional<Entry> entry(Path file) {
        try {
            Fields fields = Fields.read(file);
            Map<String, String> annotations = new HashMap<>();
            fields.values().forEach((field, value) -> {
                if (field.startsWith(ANNOTATION)) {
                    annotations.put(unhex(field.substring(ANNOTATION.length())), value);
                }
            });
            String platform = fields.get("platform");
            Descriptor descriptor = new Descriptor(
                    fields.required("type"),
                    Digest.parse(fields.required("digest")),
                    fields.number("size"),
                    platform == null ? null : Platform.parse(platform),
                    annotations);
            return Optional.of(
                    new Entry(fields.required("name"), descriptor, Instant.parse(fields.required("tagged"))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw StoreException.of(e, file, "read the record of an image");
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw new StoreException(
                    StoreException.Kind.CORRUPT,
                    "the record of an image at " + file + " is damaged: " + e.getMessage() + "; remove the file",
                    file,
                    e);
        }
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String unhex(String text) {
        return new String(java.util.HexFormat.of().parseHex(text), StandardCharsets.UTF_8);
    }
}
