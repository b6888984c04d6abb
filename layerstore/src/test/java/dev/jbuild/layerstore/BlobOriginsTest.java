package dev.jbuild.layerstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobOriginsTest {
    private static final Digest LAYER = Digest.of("layer".getBytes(UTF_8));

    @TempDir
    private Path directory;

    private LayerStore store;

    @BeforeEach
    void open() throws InterruptedException {
        store = LayerStore.open(directory);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void cameFrom(String name) {
        store.origins().add(LAYER, ImageReference.parse(name));
    }

    private String mountFor(String target) {
        return store.origins()
                .besides(ImageReference.parse(target), LAYER)
                .map(ImageReference::name)
                .orElse("none");
    }

    @Test
    void aRepositoryOfTheSameRegistryIsOffered() {
        cameFrom("debian:12");
        cameFrom("registry.example.com/base:1");

        assertThat(mountFor("me/app:1")).isEqualTo("docker.io/library/debian");
        assertThat(mountFor("registry.example.com/app:1")).isEqualTo("registry.example.com/base");
        assertThat(mountFor("registry.example.com:5000/app:1")).isEqualTo("none");
        // A mount from a repository to itself is none.
        assertThat(mountFor("registry.example.com/base:2")).isEqualTo("none");
    }

    @Test
    void theLastOnesCount() {
        for (int i = 0; i < 20; i++) {
            cameFrom("registry.example.com/r" + i);
        }
        assertThat(mountFor("registry.example.com/r19")).isEqualTo("registry.example.com/r18");
        assertThat(directory.resolve("origins/" + LAYER.hex())).content().hasLineCount(8);
    }

    @Test
    void whatIsUnreadableIsNotOffered() throws IOException {
        cameFrom("registry.example.com/base");
        Files.writeString(directory.resolve("origins/" + LAYER.hex()), "registry.example.com/../../x&from=y\n");

        assertThat(mountFor("registry.example.com/app")).isEqualTo("none");
    }

    @Test
    void itGoesWithItsBlob() throws Exception {
        Digest blob = store.content()
                .put("application/octet-stream", "layer".getBytes(UTF_8))
                .digest();
        cameFrom("registry.example.com/base");
        store.close();
        store = LayerStore.openExclusive(directory);

        store.remove(store.garbage(Set.of(), Set.of(blob)));
        assertThat(mountFor("registry.example.com/app")).isEqualTo("registry.example.com/base");
        store.remove(store.garbage(Set.of(), Set.of()));
        assertThat(mountFor("registry.example.com/app")).isEqualTo("none");
    }
}
