package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.registry.Credentials;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.RegistryConfig;
import dev.jbuild.layerstore.registry.RegistryException;
import dev.jbuild.layerstore.registry.Resolved;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pushes to Debian's docker-registry.
class RegistryPushIT {
    @TempDir
    private Path dir;

    @Test
    void pushesAnIndexUnderEveryName() throws Exception {
        Tool skopeo = Tool.named("skopeo");
        try (DebianRegistry registry = DebianRegistry.start(dir);
                LayerStore store = LayerStore.open(dir.resolve("store"))) {
            String name = registry.host() + "/team/demo";
            ExportResult result = push(
                    store,
                    "type=image,push=true",
                    List.of(hello(store, "linux/amd64"), hello(store, "linux/arm64")),
                    name + ":1",
                    name + ":latest",
                    registry.host() + "/other/demo:2");

            for (String pushed : List.of(name + ":1", name + ":latest", registry.host() + "/other/demo:2")) {
                assertThat(skopeo.run("inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://" + pushed))
                        .startsWith(
                                Objects.requireNonNull(result.root()).digest().toString());
            }
            skopeo.run(
                    "copy", "--all", "--src-tls-verify=false", "docker://" + name + ":1", "oci:" + dir + "/pulled:1");
            assertThat(store.images().list()).hasSize(3);
        }
    }

    @Test
    void pushesByDigestWithoutATag() throws Exception {
        try (DebianRegistry registry = DebianRegistry.start(dir);
                LayerStore store = LayerStore.open(dir.resolve("store"))) {
            String name = registry.host() + "/demo";
            ExportResult result =
                    push(store, "type=registry,push-by-digest=true,name=" + name, List.of(hello(store, "linux/amd64")));

            try (RegistryClient client = client()) {
                Resolved pushed = client.resolve(ImageReference.parse(
                        name + "@" + Objects.requireNonNull(result.root()).digest()));
                assertThat(new String(pushed.bytes(), StandardCharsets.UTF_8)).contains("vnd.oci.image.manifest");
                assertThatThrownBy(() -> client.resolve(ImageReference.parse(name + ":latest")))
                        .isInstanceOfSatisfying(
                                RegistryException.class,
                                e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.NOT_FOUND));
            }
            assertThat(store.images().list()).isEmpty();
        }
    }

    private static BuiltImage hello(LayerStore store, String platform) throws IOException {
        return BuiltImage.of(store, platform, Map.of("hello", "Hello, " + platform + "\n"));
    }

    private static RegistryClient client() {
        return new RegistryClient(RegistryConfig.EMPTY, Credentials.none());
    }

    private static ExportResult push(LayerStore store, String output, List<BuiltImage> images, String... names)
            throws IOException, InterruptedException {
        try (RegistryClient client = client()) {
            return Exporter.export(
                    BuiltImage.request(images, names),
                    List.of(ExportSpec.parse(output)),
                    store,
                    new Exporter.Outlets(() -> client, BuiltImage.OUTLETS.engines(), OutputStream.nullOutputStream()),
                    ExportListener.NONE);
        }
    }
}
