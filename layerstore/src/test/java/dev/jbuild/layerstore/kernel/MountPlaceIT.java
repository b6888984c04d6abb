package dev.jbuild.layerstore.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MountPlaceIT {
    private static final int MOUNTS = 300;

    @TempDir
    Path temp;

    private Path root;
    private Path outside;
    private Path source;

    @BeforeAll
    static void needsRoot() {
        assumeTrue(Kernel.effectiveUser() == 0, "not root: nothing can be mounted");
    }

    @BeforeEach
    void directories() throws Exception {
        temp = temp.toRealPath();
        root = Files.createDirectory(temp.resolve("root"));
        outside = Files.createDirectory(temp.resolve("outside"));
        source = Files.createDirectory(temp.resolve("source"));
        Files.writeString(source.resolve("mounted"), "yes");
    }

    @AfterEach
    void unmount() throws Exception {
        Kernel.detachMountsBelow(temp);
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "a,                   /there/already,        /there/already",
        "missing,             /there/new/deep,       /there/new/deep",
        "/there/already,      /link/below,           /there/already/below",
        "/outside,            /link/below,           /outside/below",
        "../../../../outside, /link/below,           /outside/below",
        "../../outside,       /link,                 /outside",
    })
    void everyLinkIsOneInsideTheRoot(String link, String target, String place) throws Exception {
        Files.createDirectories(root.resolve("there/already"));
        Files.createSymbolicLink(root.resolve("link"), Path.of(link));

        try (MountPlace opened = MountPlace.open(root, target, true)) {
            assertThat(opened.path()).isEqualTo(Path.of(root + place));
            opened.bind(source, true);
        }

        assertThat(Path.of(root + place).resolve("mounted")).exists();
        assertThatThrownBy(() -> Files.createFile(Path.of(root + place).resolve("new")))
                .hasMessageContaining("Read-only");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aFileIsMountedOnAFile() throws Exception {
        try (MountPlace opened = MountPlace.open(root, "/etc/hosts", false)) {
            opened.bind(source.resolve("mounted"), false);
        }
        assertThat(root.resolve("etc/hosts")).hasContent("yes");
        assertThatThrownBy(() -> MountPlace.open(root, "/etc/hosts/below", true))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("not a directory");
    }

    @Test
    void whatIsSwappedAfterItWasOpenedLeadsNowhereElse() throws Exception {
        Path cache = root.resolve("cache");
        Files.createDirectories(cache.resolve("directory"));
        Files.createDirectory(outside.resolve("target"));

        try (MountPlace opened = MountPlace.open(root, "/cache/directory/target", true)) {
            Files.move(cache.resolve("directory"), cache.resolve("aside"));
            Files.createSymbolicLink(cache.resolve("directory"), outside);
            opened.tmpfs("mode=0700");
            opened.bind(source, true);
        }

        assertThat(cache.resolve("aside/target/mounted")).exists();
        assertThat(outside.resolve("target")).isEmptyDirectory();
    }

    /// Another process has the directory above the target too, and puts a link in its stead as often as it can.
    @Test
    void nobodyWinsTheRace() throws Exception {
        Path shared = temp.resolve("shared");
        Files.createDirectories(shared.resolve("directory"));
        Path cache = Files.createDirectory(root.resolve("cache"));
        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> swap(shared, over));
        try {
            for (int i = 0; i < MOUNTS; i++) {
                Kernel.bindMount(shared, cache);
                try (MountPlace opened = MountPlace.open(root, "/cache/directory/target" + i + "/deep", true)) {
                    opened.bind(source, true);
                    assertThat(Kernel.mountsBelow(outside)).isEmpty();
                }
                Kernel.detachMountsInside(root);
            }
        } finally {
            over.set(true);
        }
        assertThat(other.get()).isPositive();
        assertThat(outside).isEmptyDirectory();
    }

    private int swap(Path cache, AtomicBoolean over) {
        try {
            int swaps = 0;
            Path directory = cache.resolve("directory");
            for (; !over.get(); swaps++) {
                Path aside = Files.move(directory, cache.resolve("aside" + swaps));
                try {
                    Files.createSymbolicLink(directory, outside);
                    Files.delete(directory);
                    Files.move(aside, directory);
                } catch (FileSystemException e) {
                    // It was made where there was nothing for a moment.
                    assertThat(directory).isDirectory();
                }
            }
            return swaps;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
