package dev.jbuild.layerstore.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.fake.HostileTar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TarIndexTest {
    @TempDir
    Path directory;

    private TarIndex index(HostileTar tar) throws IOException {
        return TarIndex.of(Files.write(directory.resolve("archive.tar"), tar.bytes()));
    }

    private static String content(TarIndex index, String name) throws IOException {
        try (InputStream in = index.open(name).orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void opensFilesInAnyOrder() throws IOException {
        TarIndex index = index(new HostileTar(0)
                .file("./first", "1".repeat(70_000))
                .directory("folder")
                .pax("path=folder/" + "long".repeat(60))
                .file("x", "second")
                .file("folder/third", "3"));
        assertThat(content(index, "folder/third")).isEqualTo("3");
        assertThat(content(index, "folder/" + "long".repeat(60))).isEqualTo("second");
        assertThat(content(index, "first")).hasSize(70_000).containsOnlyDigits();
        assertThat(content(index, "folder/third")).isEqualTo("3");
        assertThat(index.size("first")).contains(70_000L);
        assertThat(index.open("folder")).isEmpty();
        assertThat(index.open("absent")).isEmpty();
        assertThat(index.names()).hasSize(3);
    }

    /// Old versions of docker save write a layer once and links to it.
    @Test
    void followsLinksWithinTheArchive() throws IOException {
        TarIndex index = index(new HostileTar(0)
                .file("one/layer.tar", "layer")
                .symbolicLink("two/layer.tar", "../one/layer.tar")
                .hardLink("three", "one/layer.tar")
                .symbolicLink("out", "../../../../etc/passwd")
                .symbolicLink("loop", "loop"));
        assertThat(content(index, "two/layer.tar")).isEqualTo("layer");
        assertThat(content(index, "three")).isEqualTo("layer");
        assertThat(index.open("out")).isEqualTo(Optional.empty());
        assertThat(index.open("loop")).isEqualTo(Optional.empty());
        assertThat(index.open("two/../../one/./layer.tar")).isPresent();
    }

    @Test
    void aFileThatIsNoArchiveIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("text"), "no archive\n".repeat(100));
        assertThatThrownBy(() -> TarIndex.of(file)).isInstanceOf(StoreException.class);
    }
}
