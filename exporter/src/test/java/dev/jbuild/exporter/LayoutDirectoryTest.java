package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.OciJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutDirectoryTest {
    private static final String NAME = "io.containerd.image.name";
    private static final String REF = "org.opencontainers.image.ref.name";

    @TempDir
    private Path dir;

    private @Nullable LayerStore store;

    @BeforeEach
    void openStore() throws InterruptedException {
        store = LayerStore.open(dir.resolve("store"));
    }

    @AfterEach
    void closeStore() {
        store().close();
    }

    private LayerStore store() {
        return Objects.requireNonNull(store);
    }

    @Test
    void holdsTheImageUnderEachName() throws Exception {
        Path layout = dir.resolve("made/on/the/way");
        add(layout, image("Hello\n"), "docker.io/library/demo:latest", "localhost:5000/team/demo:1.2");

        assertThat(layout.resolve("oci-layout")).hasContent("{\"imageLayoutVersion\":\"1.0.0\"}");
        assertThat(entries(layout))
                .extracting(entry -> entry.annotations().get(NAME))
                .containsExactly("docker.io/library/demo:latest", "localhost:5000/team/demo:1.2");
        assertThat(entries(layout))
                .extracting(entry -> entry.annotations().get(REF))
                .containsExactly("latest", "1.2");
        try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
            assertThat(blobs).hasSize(3);
        }
        try (Stream<Path> files = Files.list(layout)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("blobs", "index.json", "oci-layout");
        }
    }

    @Test
    void addsToTheImagesThatAreThere() throws Exception {
        Path layout = dir.resolve("layout");
        AssembledImage first = image("first\n");
        AssembledImage second = image("second\n");
        add(layout, first, "docker.io/library/a:latest");
        add(layout, first, "docker.io/library/b:latest");
        add(layout, first);
        add(layout, second, "docker.io/library/b:latest");
        add(layout, second);
        add(layout, second);

        assertThat(entries(layout))
                .extracting(entry -> entry.annotations().getOrDefault(NAME, "") + " " + entry.digest())
                .containsExactly(
                        "docker.io/library/a:latest " + first.root().digest(),
                        "docker.io/library/b:latest " + second.root().digest(),
                        " " + second.root().digest());
    }

    @Test
    void replacesAnImageThatAnotherToolNamedByItsTagAlone() throws Exception {
        Path layout = dir.resolve("layout");
        AssembledImage image = image("Hello\n");
        add(layout, image);
        Files.writeString(
                layout.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\""
                        + image.root().mediaType() + "\",\"digest\":\""
                        + image.root().digest() + "\",\"size\":" + image.root().size()
                        + ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"latest\"}}]}");
        add(layout, image("new\n"), "docker.io/library/a:latest");

        assertThat(entries(layout)).hasSize(1);
    }

    @Test
    void theClockIsTheTimeOfTheImage() throws Exception {
        Path layout = dir.resolve("layout");
        new LayoutDirectory(layout)
                .add(
                        new NamedImage(image("Hello\n"), List.of()),
                        Instant.parse("2024-02-29T12:00:00.5Z"),
                        store().content(),
                        ExportListener.NONE);

        assertThat(entries(layout).getFirst().annotations())
                .containsEntry("org.opencontainers.image.created", "2024-02-29T12:00:00Z");
    }

    @Test
    void mendsWhatAPowerCutOrAKilledProcessLeft() throws Exception {
        Path layout = dir.resolve("layout");
        AssembledImage image = image("Hello\n");
        Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
        Files.writeString(layout.resolve("oci-layout"), "");
        Files.writeString(layout.resolve(".jbuild-partial"), "half");
        for (Descriptor blob : image.blobs().values()) {
            Files.writeString(blobs.resolve(blob.digest().hex()), "");
        }
        add(layout, image);

        for (Descriptor blob : image.blobs().values()) {
            assertThat(blobs.resolve(blob.digest().hex())).hasSize(blob.size());
        }
        assertThat(layout.resolve(".jbuild-partial")).doesNotExist();
        assertThat(layout.resolve("oci-layout")).isNotEmptyFile();
    }

    @Test
    void leavesOtherPeoplesDirectoriesAlone() throws Exception {
        Path project = Files.createDirectory(dir.resolve("project"));
        Files.writeString(project.resolve("index.json"), "{}");
        Path file = Files.writeString(dir.resolve("file"), "");

        assertThatThrownBy(() -> add(project, image("Hello\n")))
                .isInstanceOf(ExportException.class)
                .hasMessage("cannot write an OCI layout to " + project
                        + ": it holds other files; choose an empty or a new directory");
        assertThatThrownBy(() -> add(file, image("Hello\n")))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("it is a file");
        assertThat(project.resolve("index.json")).hasContent("{}");
    }

    @Test
    void aBrokenIndexIsNotOverwritten() throws Exception {
        Path layout = dir.resolve("layout");
        add(layout, image("Hello\n"));
        Files.writeString(layout.resolve("index.json"), "{\"schemaVersion\":");

        assertThatThrownBy(() -> add(layout, image("Hello\n")))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("its index.json is not valid");
        assertThat(layout.resolve("index.json")).hasContent("{\"schemaVersion\":");
    }

    private AssembledImage image(String content) throws Exception {
        BuiltImage built = BuiltImage.of(store(), "linux/amd64", Map.of("hello", content));
        return ImageAssembler.assemble(BuiltImage.request(List.of(built)), ImageOptions.DEFAULT, store().content());
    }

    private void add(Path layout, AssembledImage image, String... names) throws Exception {
        new LayoutDirectory(layout)
                .add(new NamedImage(image, List.of(names)), null, store().content(), ExportListener.NONE);
    }

    private static List<Descriptor> entries(Path layout) throws Exception {
        return OciJson.readIndex(Files.readAllBytes(layout.resolve("index.json")))
                .manifests();
    }
}
