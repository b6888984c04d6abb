package dev.jbuild.solver.fetch;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.Fields;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.solver.graph.RemoteAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// What URLs meant when they were last asked for. Of a URL only its digest is kept, and its path for people to read: in
/// the rest there may be passwords.
final class UrlMemory {
    private final LayerStore store;

    UrlMemory(LayerStore store) {
        this.store = store;
    }

    /// @param etag as the server sent it, empty if it did not
    /// @param modified the header `Last-Modified`, empty if there was none
    record Entry(Digest content, String etag, String modified) {
        /// When the file was modified, null if the server does not say.
        @Nullable
        Instant lastModified() {
            if (modified.isEmpty()) {
                return null;
            }
            try {
                return ZonedDateTime.parse(modified, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
            } catch (DateTimeException e) {
                // Whatever it is, it is no date.
                return null;
            }
        }
    }

    @Nullable
    Entry find(RemoteAddress url) {
        Path file = file(url);
        try {
            Fields fields = Fields.read(file);
            return new Entry(
                    Digest.parse(fields.required("content")),
                    fields.required("etag"),
                    fields.required("last-modified"));
        } catch (NoSuchFileException e) {
            return null;
        } catch (StoreException | IllegalArgumentException e) {
            // What cannot be read is not remembered.
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    void put(RemoteAddress url, Entry entry) {
        Path file = file(url);
        try {
            Files.createDirectories(directory());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory(), e);
        }
        store.publish(
                file,
                new Fields()
                        .with("content", entry.content().toString())
                        .with("etag", entry.etag())
                        .with("last-modified", entry.modified())
                        .with("url", url.toString().replaceFirst("[?#].*$", ""))
                        .bytes());
    }

    /// The lock under which a URL is asked for.
    String lockName(RemoteAddress url) {
        return "url-" + file(url).getFileName();
    }

    private Path directory() {
        return store.sourcesDir().resolve("urls");
    }

    private Path file(RemoteAddress url) {
        return directory()
                .resolve(Digest.of(url.text().getBytes(StandardCharsets.UTF_8)).hex());
    }
}
