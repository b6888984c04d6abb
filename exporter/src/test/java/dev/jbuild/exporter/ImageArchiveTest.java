package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
    @TempDir
    private Path root;

    @Test
    void anOciArchiveIsALayout() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            BuiltImage built = BuiltImage.of(store, "linux/amd64", Map.of("hello", "Hello\n"));
            AssembledImage image =
                    ImageAssembler.assemble(BuiltImage.request(List.of(built)), ImageOptions.DEFAULT, store.content());
            byte[] archive = write(store, false, new NamedImage(image, List.of("docker.io/library/demo:1")));

            SequencedMap<String, byte[]> files = files(archive);
            List<String> names = new ArrayList<>(List.of("blobs/", "blobs/sha256/"));
            image.blobs().keySet().forEach(digest -> names.add("blobs/sha256/" + digest.hex()));
            names.addAll(List.of("index.json", "oci-layout"));
            assertThat(files.sequencedKeySet()).containsExactlyElementsOf(names);
            image.blobs()
                    .forEach((digest, blob) ->
                            assertThat(Digest.of(content(files, digest))).isEqualTo(digest));
            assertThat(text(files, "index.json"))
                    .isEqualTo("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                            + "\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\""
                            + image.root().digest() + "\",\"size\":"
                            + image.root().size()
                            + ",\"annotations\":{\"io.containerd.image.name\":\"docker.io/library/demo:1\","
                            + "\"org.opencontainers.image.ref.name\":\"1\"},"
                            + "\"platform\":{\"architecture\":\"amd64\",\"os\":\"linux\"}}]}");
            assertThat(Digest.of(archive))
                    .hasToString("sha256:7f8a38162c897e38e773aa50aa8b74595b4ea3206b8eadfef873decf09ebb467");
        }
    }

    @Test
    void aDockerArchiveSaysWhereConfigurationAndLayersAre() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            SequencedMap<String, String> layers = new LinkedHashMap<>();
            layers.put("b", "upper\n");
            layers.put("a", "lower\n");
            BuiltImage built = BuiltImage.of(store, "linux/amd64", layers);
            AssembledImage image =
                    ImageAssembler.assemble(BuiltImage.request(List.of(built)), ImageOptions.DEFAULT, store.content());
            PlatformImage platform = image.platforms().getFirst();
            byte[] archive = write(store, true, new NamedImage(image, List.of("docker.io/library/demo:1")));

            assertThat(text(files(archive), "manifest.json"))
                    .isEqualTo("[{\"Config\":\"blobs/sha256/"
                            + platform.config().digest().hex()
                            + "\",\"RepoTags\":[\"demo:1\"],\"Layers\":[\"blobs/sha256/"
                            + platform.layers().get(0).digest().hex() + "\",\"blobs/sha256/"
                            + platform.layers().get(1).digest().hex() + "\"]}]");
            assertThat(text(files(write(store, true, new NamedImage(image, List.of()))), "manifest.json"))
                    .contains("\"RepoTags\":null");
        }
    }

    @Test
    void aBlobThatIsNotWholeIsNotPassedOn() throws Exception {
        try (LayerStore store = LayerStore.open(root)) {
            BuiltImage built = BuiltImage.of(store, "linux/amd64", Map.of("hello", "Hello\n"));
            AssembledImage image =
                    ImageAssembler.assemble(BuiltImage.request(List.of(built)), ImageOptions.DEFAULT, store.content());
            LayerBlob layer = built.blobs().getFirst();
            Path blob = store.content().path(layer.descriptor().digest());
            Files.writeString(blob, "short");

            assertThatThrownBy(() -> write(store, false, new NamedImage(image, List.of())))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.CORRUPT))
                    .hasMessageContaining("has 5 bytes in the store instead of 2048");
            assertThat(blob).doesNotExist();
            assertThatThrownBy(() -> write(store, false, new NamedImage(image, List.of())))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.MISSING));
        }
    }

    private static byte[] write(LayerStore store, boolean docker, NamedImage image) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new ImageArchive(List.of(image), docker, null)
                .write(Channels.newChannel(out), store.content(), ExportListener.NONE);
        return out.toByteArray();
    }

    private static SequencedMap<String, byte[]> files(byte[] archive) throws IOException {
        SequencedMap<String, byte[]> files = new LinkedHashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new ByteArrayInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                assertThat(entry.getMode() & 0777).isEqualTo(entry.isDirectory() ? 0755 : 0644);
                assertThat(entry.getLastModifiedTime().toMillis()).isZero();
                assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }

    private static byte[] content(Map<String, byte[]> files, Digest digest) {
        return files.getOrDefault("blobs/sha256/" + digest.hex(), new byte[0]);
    }

    private static String text(Map<String, byte[]> files, String name) {
        return new String(files.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
    }
}
