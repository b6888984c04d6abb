package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What other tools say of the outputs.
class ExporterIT {
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

    private BuiltImage hello(String platform) throws IOException {
        SequencedMap<String, String> layers = new LinkedHashMap<>();
        layers.put("hello", "Hello, " + platform + "\n");
        layers.put("world", "The world\n");
        return BuiltImage.of(store(), platform, layers);
    }

    private ExportResult export(List<? extends PlatformResult> images, String output)
            throws IOException, InterruptedException {
        return Exporter.export(
                BuiltImage.request(images, "demo:1"),
                List.of(ExportSpec.parse(output)),
                store(),
                BuiltImage.OUTLETS,
                ExportListener.NONE);
    }

    @Test
    void skopeoReadsAnOciArchive() throws Exception {
        Tool skopeo = Tool.named("skopeo");
        ExportResult result = export(List.of(hello("linux/amd64")), "type=oci,dest=" + dir + "/a.tar");

        assertThat(skopeo.run("inspect", "--override-arch", "amd64", "oci-archive:" + dir + "/a.tar:1"))
                .contains(
                        "\"Digest\": \"" + Objects.requireNonNull(result.root()).digest() + '"')
                .contains("\"Architecture\": \"amd64\"")
                .contains("\"PATH=/bin\"");
        skopeo.run("copy", "oci-archive:" + dir + "/a.tar:1", "dir:" + dir + "/copy");
        assertThat(dir.resolve(
                        "copy/" + Objects.requireNonNull(result.configDigest()).hex()))
                .exists();
    }

    @Test
    void skopeoReadsEveryPlatformOfALayout() throws Exception {
        Tool skopeo = Tool.named("skopeo");
        export(List.of(hello("linux/amd64"), hello("linux/arm/v7")), "type=oci,tar=false,dest=" + dir + "/layout");

        assertThat(skopeo.run(
                        "inspect",
                        "--override-arch",
                        "arm",
                        "--override-variant",
                        "v7",
                        "--config",
                        "oci:" + dir + "/layout:1"))
                .contains("\"architecture\": \"arm\"");
        skopeo.run("copy", "--all", "--preserve-digests", "oci:" + dir + "/layout:1", "oci:" + dir + "/copy:1");
        assertThat(skopeo.run("inspect", "--raw", "oci:" + dir + "/copy:1"))
                .isEqualTo(skopeo.run("inspect", "--raw", "oci:" + dir + "/layout:1"));
    }

    @Test
    void skopeoReadsADockerArchive() throws Exception {
        Tool skopeo = Tool.named("skopeo");
        ExportResult result = export(List.of(hello("linux/amd64")), "type=docker,dest=" + dir + "/d.tar");

        skopeo.run("copy", "docker-archive:" + dir + "/d.tar:demo:1", "dir:" + dir + "/copy");
        assertThat(dir.resolve(
                        "copy/" + Objects.requireNonNull(result.configDigest()).hex()))
                .exists();
        // The same file is an OCI layout; this reader of layouts wants the OCI's media types in it.
        export(List.of(hello("linux/amd64")), "type=docker,oci-mediatypes=true,dest=" + dir + "/oci.tar");
        skopeo.run("copy", "docker-archive:" + dir + "/oci.tar:demo:1", "dir:" + dir + "/oci-copy");
        skopeo.run("inspect", "--override-arch", "amd64", "oci-archive:" + dir + "/oci.tar:1");
    }

    @Test
    void umociUnpacksALayout() throws Exception {
        Tool umoci = Tool.named("umoci");
        Assumptions.assumeTrue(Kernel.effectiveUser() == 0, "umoci unpacks as root only in this test");
        export(List.of(hello("linux/amd64")), "type=oci,tar=false,dest=" + dir + "/layout");

        umoci.run("unpack", "--image", dir + "/layout:1", dir.resolve("bundle"));
        assertThat(dir.resolve("bundle/rootfs/hello")).hasContent("Hello, linux/amd64\n");
        assertThat(dir.resolve("bundle/rootfs/world")).hasContent("The world\n");
        assertThat(umoci.run("stat", "--image", dir + "/layout:1")).contains("COPY hello /");
    }

    @Test
    void podmanLoadsADockerArchiveAndAnOciArchive() throws Exception {
        Tool podman = Tool.named("podman");
        Assumptions.assumeTrue(Kernel.effectiveUser() == 0, "podman loads as root only in this test");
        ExportResult result = export(List.of(hello("linux/amd64")), "type=docker,dest=" + dir + "/d.tar");
        export(List.of(hello("linux/amd64")), "type=oci,dest=" + dir + "/a.tar");

        for (String archive : List.of("d.tar", "a.tar")) {
            String[] storage = {
                "--root=" + dir + "/" + archive + ".root",
                "--runroot=" + dir + "/" + archive + ".run",
                "--storage-driver=vfs"
            };
            podman.run(storage[0], storage[1], storage[2], "load", "-i", dir.resolve(archive));
            assertThat(podman.run(
                            storage[0],
                            storage[1],
                            storage[2],
                            "images",
                            "--no-trunc",
                            "--format",
                            "{{.ID}} {{.Repository}}:{{.Tag}}"))
                    .contains("demo:1");
            if (archive.equals("d.tar")) {
                assertThat(podman.run(storage[0], storage[1], storage[2], "images", "--no-trunc", "-q"))
                        .contains(String.valueOf(result.configDigest()));
            }
            Kernel.detachMountsBelow(dir);
        }
    }

    @Test
    void theFilesOfOnePlatformLieInTheDirectory() throws Exception {
        assumeMounts();
        export(List.of(hello("linux/amd64")), dir + "/out");

        assertThat(dir.resolve("out/hello")).hasContent("Hello, linux/amd64\n");
        assertThat(dir.resolve("out/world")).hasContent("The world\n");
        try (Stream<Path> files = Files.list(dir.resolve("out"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void theFilesOfSeveralPlatformsLieInAFolderEach() throws Exception {
        assumeMounts();
        Tool tar = Tool.named("tar");
        List<BuiltImage> images = List.of(hello("linux/amd64"), hello("linux/arm/v7"));
        export(images, "type=local,dest=" + dir + "/out");
        export(images, "type=tar,dest=" + dir + "/out.tar");
        byte[] first = Files.readAllBytes(dir.resolve("out.tar"));
        export(images, "type=tar,dest=" + dir + "/out.tar");

        assertThat(dir.resolve("out/linux_amd64/hello")).hasContent("Hello, linux/amd64\n");
        assertThat(dir.resolve("out/linux_arm_v7/hello")).hasContent("Hello, linux/arm/v7\n");
        assertThat(tar.run("-tf", dir.resolve("out.tar")).lines())
                .contains("linux_amd64/hello", "linux_amd64/world", "linux_arm_v7/hello");
        assertThat(tar.run("-xOf", dir.resolve("out.tar"), "linux_arm_v7/hello"))
                .isEqualTo("Hello, linux/arm/v7\n");
        assertThat(Files.readAllBytes(dir.resolve("out.tar"))).isEqualTo(first);
        assertThat(Kernel.mountsBelow(dir)).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'platform-split=true',                      linux_amd64/hello linux_amd64/sbom.spdx.json linux_amd64/world",
        "'attestation-prefix=of-',                   hello of-sbom.spdx.json world",
        "'attestation-prefix=of-,platform-split=1',  linux_amd64/hello linux_amd64/of-sbom.spdx.json linux_amd64/world",
        "'platform-split=false',                     hello sbom.spdx.json world",
    })
    void onePlatformMayHaveAFolderAndAttestationsOtherNames(String options, String names) throws Exception {
        assumeMounts();
        List<Attested> results = List.of(new Attested(hello("linux/amd64")));
        export(results, "type=local," + options + ",dest=" + dir + "/out");
        export(results, "type=tar," + options + ",dest=" + dir + "/out.tar");

        try (Stream<Path> files = Files.walk(dir.resolve("out"))) {
            assertThat(files.filter(Files::isRegularFile).map(dir.resolve("out")::relativize))
                    .map(Path::toString)
                    .containsExactlyInAnyOrder(names.split(" "));
        }
        assertThat(Tool.named("tar").run("-tf", dir.resolve("out.tar")).lines())
                .filteredOn(name -> !name.endsWith("/"))
                .containsExactlyInAnyOrder(names.split(" "));
    }

    @Test
    void theFilesOfOnePlatformAreAnArchiveOnStandardOutput() throws Exception {
        assumeMounts();
        Tool tar = Tool.named("tar");
        try (OutputStream stdout = Files.newOutputStream(dir.resolve("stdout.tar"))) {
            Exporter.export(
                    BuiltImage.request(List.of(hello("linux/amd64"))),
                    List.of(ExportSpec.parse("-")),
                    store(),
                    BuiltImage.printingTo(stdout),
                    ExportListener.NONE);
        }

        assertThat(tar.run("-xOf", dir.resolve("stdout.tar"), "hello")).isEqualTo("Hello, linux/amd64\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"type=oci,dest=%s/a.tar", "type=oci,tar=false,dest=%s/layout", "type=local,dest=%s/out"})
    void aFullDiskIsSaidSoAndNothingHalfWrittenStays(String output) throws Exception {
        assumeMounts();
        Path small = Files.createDirectory(dir.resolve("small"));
        BuiltImage big = BuiltImage.of(store(), "linux/amd64", Map.of("big", "0123456789abcdef".repeat(64 << 10)));
        Kernel.mountTmpfs(small, "size=256k");
        try {
            assertThatThrownBy(() -> export(List.of(big), output.formatted(small)))
                    .isInstanceOf(ExportException.class)
                    .hasMessageContaining(small.toString())
                    .hasMessageContaining("the disk is full; free some space there or choose another place");
            assertThat(small.resolve("a.tar")).doesNotExist();
            assertThat(small.resolve("layout/index.json")).doesNotExist();
            assertThat(small.resolve("out/big")).doesNotExist();
            try (Stream<Path> left = Files.walk(small)) {
                assertThat(left.filter(Files::isRegularFile)
                                .filter(file -> !file.endsWith("oci-layout"))
                                .filter(file -> !file.startsWith(small.resolve("layout/blobs"))))
                        .isEmpty();
            }
        } finally {
            Kernel.unmount(small);
        }
    }

    private static void assumeMounts() {
        Assumptions.assumeTrue(Kernel.effectiveUser() == 0, "only root mounts layers in this test");
    }

    @Test
    void gnuTarListsTheArchive() throws Exception {
        Tool tar = Tool.named("tar");
        export(List.of(hello("linux/amd64")), "type=oci,dest=" + dir + "/a.tar");

        assertThat(tar.run("--utc", "--numeric-owner", "-tvf", dir.resolve("a.tar"))
                        .lines())
                .hasSize(8)
                .allMatch(line -> line.matches("(drwxr-xr-x|-rw-r--r--) 0/0 +\\d+ 1970-01-01 00:00 .*"));
        Files.createDirectory(dir.resolve("x"));
        tar.run("-xf", dir.resolve("a.tar"), "-C", dir.resolve("x"));
        assertThat(dir.resolve("x/oci-layout")).isNotEmptyFile();
    }
}
