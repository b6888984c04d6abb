package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Other people's tools read every compression in every spelling of media types, for one platform and for several. All
/// outputs of a table come from one build.
@Timeout(300)
class RoundTripIT {
    private static final String DOCKERFILE = """
            FROM busybox
            COPY --chmod=640 big /
            RUN echo made > /made && ln -s made /link && rm -r /home
            CMD ["cat", "/made", "/link"]
            """;
    private static final List<String> COMPRESSIONS = List.of("gzip", "uncompressed", "zstd", "estargz");

    @TempDir
    static Path shared;

    private static Jbuild jbuild;
    private static Path single;
    private static Path several;

    @BeforeAll
    static void build() throws Exception {
        jbuild = Jbuild.in(shared).with("JBUILD_LOAD", "podman").with("CONTAINERS_STORAGE_CONF", configuration());
        single = Jbuild.context(shared.resolve("single"), DOCKERFILE);
        several = Jbuild.context(shared.resolve("several"), "FROM scratch\nCOPY big /\nENV A=b\nCMD [\"/big\"]\n");
        for (Path context : List.of(single, several)) {
            // More than one chunk of eStargz, which compresses badly.
            Shell.run(
                    "openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2> \"$1/no\" | head -c 5000000 > \"$1/big\""
                            + "; rm \"$1/no\"",
                    context);
        }
        List<String> arguments = outputs("single");
        for (String compression : COMPRESSIONS) {
            arguments.addAll(List.of(
                    "-o", "type=docker,name=archived:%1$s,dest=%1$s.tar,compression=%1$s".formatted(compression)));
        }
        arguments.addAll(TestImages.contexts("busybox"));
        arguments.addAll(List.of("--load", "--metadata-file=metadata.json"));
        jbuild.build(single, arguments);
        List<String> more = outputs("several");
        more.addAll(List.of("-o", "type=oci,dest=several.tar", "--platform=linux/amd64,linux/arm64"));
        jbuild.build(several, more);
    }

    private static String configuration() throws IOException {
        return Files.writeString(shared.resolve("storage.conf"), """
                        [storage]
                        driver = "vfs"
                        graphroot = "%s/root"
                        runroot = "%s/run"
                        """.formatted(shared, shared))
                .toString();
    }

    private static List<String> outputs(String name) {
        List<String> outputs = new ArrayList<>();
        for (String compression : COMPRESSIONS) {
            for (boolean oci : List.of(true, false)) {
                outputs.add("-o");
                outputs.add(
                        "type=oci,tar=false,name=%s-%s:%s,dest=%s-%s,compression=%s,oci-mediatypes=%s,force-compression=true"
                                .formatted(name, compression, oci, compression, oci, compression, oci));
            }
        }
        return outputs;
    }

    @AfterAll
    static void remove() {
        Shell.run("rm -rf \"$1\"/root \"$1\"/run", shared);
        if (jbuild != null) {
            jbuild.close();
        }
    }

    private static void need(String program) {
        assumeTrue(Shell.has(program), () -> program + " is not here: run testdata/prepare");
    }

    private static String withPodman(String command, Object... arguments) {
        need("podman");
        List<Object> all = new ArrayList<>(List.of(shared));
        all.addAll(List.of(arguments));
        // Control groups and high limits are what a machine that is a container itself may not have.
        return Shell.run("""
                export CONTAINERS_STORAGE_CONF="$1/storage.conf"
                run() {
                  unshare --mount sh -euc 'mount -t tmpfs none /sys/fs/cgroup; exec "$@"' sh \\
                    podman --cgroup-manager cgroupfs --events-backend none --runtime crun run --cgroups disabled \\
                    --pull never --rm --network none --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 "$@"
                }
                """ + command, all.toArray());
    }

    @ParameterizedTest(name = "{0}, OCI media types {1}: {2}")
    @CsvSource({
        "gzip,         true,  application/vnd.oci.image.layer.v1.tar+gzip",
        "gzip,         false, application/vnd.docker.image.rootfs.diff.tar.gzip",
        "uncompressed, true,  application/vnd.oci.image.layer.v1.tar",
        "uncompressed, false, application/vnd.docker.image.rootfs.diff.tar",
        "zstd,         true,  application/vnd.oci.image.layer.v1.tar+zstd",
        // Docker's types have no zstd, and Docker's manifests no annotations.
        "zstd,         false, application/vnd.oci.image.layer.v1.tar+zstd",
        "estargz,      true,  application/vnd.oci.image.layer.v1.tar+gzip",
        "estargz,      false, application/vnd.oci.image.layer.v1.tar+gzip",
    })
    void everyToolReadsIt(String compression, boolean oci, String layerType) throws Exception {
        String layout = compression + "-" + oci;
        need("skopeo");
        // A copy reads and verifies every blob.
        Shell.run(
                "skopeo --insecure-policy copy -q oci:\"$1\" dir:\"$2\"", single.resolve(layout), shared.resolve("d"));
        JsonNode manifest = new JsonMapper().readTree(Files.readString(shared.resolve("d/manifest.json")));
        assertThat(manifest.path("layers").findValuesAsText("mediaType"))
                .hasSize(3)
                .containsOnly(layerType);
        String types = oci || layerType.startsWith("application/vnd.oci") ? "vnd.oci" : "vnd.docker";
        assertThat(manifest.path("mediaType").asText()).contains(types);
        assertThat(manifest.path("config").path("mediaType").asText()).contains(types);

        Shell.run(
                "skopeo --insecure-policy copy -q --all oci:\"$1\" dir:\"$2\"",
                several.resolve(layout),
                shared.resolve("d"));
        JsonNode index = new JsonMapper().readTree(Files.readString(shared.resolve("d/manifest.json")));
        assertThat(index.path("manifests").findValuesAsText("architecture")).containsExactly("amd64", "arm64");
        assertThat(index.path("mediaType").asText()).contains(types);
        Shell.run("rm -r \"$1\"", shared.resolve("d"));

        if (!oci && types.equals("vnd.oci")) {
            // The very images of the row before.
            return;
        }
        need("buildah");
        assertThat(withPodman("image=$(buildah pull -q oci:\"$2\") && run \"$image\"", single.resolve(layout)))
                .isEqualTo("made\nmade\n");
        assertThat(withPodman("""
                        for arch in amd64 arm64; do
                          image=$(buildah pull -q --arch $arch oci:"$2")
                          buildah inspect --type image --format '{{.OCIv1.Architecture}}' "$image"
                          container=$(buildah from --pull-never --arch $arch "$image")
                          cmp "$(buildah mount "$container")/big" "$3/big" && buildah rm "$container" > /dev/null
                        done
                        """, several.resolve(layout), several)).isEqualTo("amd64arm64");
    }

    @ParameterizedTest(name = "{0}, OCI media types {1}: {2}")
    @CsvSource({
        "gzip,         true,  ''",
        "uncompressed, true,  ''",
        "estargz,      true,  ''",
        // What Debian's umoci does not know, it says.
        "zstd,         true,  blob is not correct mediatype: application/vnd.oci.image.layer.v1.tar+zstd",
        "gzip,         false, not implemented: application/vnd.docker.distribution.manifest",
        "uncompressed, false, not implemented: application/vnd.docker.distribution.manifest",
    })
    void umociUnpacksWhatItKnows(String compression, boolean oci, String refusal) {
        need("umoci");
        need("skopeo");
        String layout = compression + "-" + oci;
        String image = single.resolve(layout) + ":" + oci;
        if (refusal.isEmpty()) {
            assertThat(unpacked(image)).contains("big -rw-r-----\n", "made\n").doesNotContain("home\n");
        } else {
            assertThat(umoci(image)).contains(refusal);
        }
        // Of an index it unpacks nothing: somebody else has to choose. (With that, skopeo translates Docker's types.)
        assertThat(umoci(several.resolve(layout) + ":" + oci)).contains(oci ? "tag is ambiguous" : refusal);
        Path chosen = shared.resolve("chosen");
        Shell.run(
                "skopeo --insecure-policy --override-arch arm64 copy -q oci:\"$1\" oci:\"$2\":arm64",
                several.resolve(layout),
                chosen);
        if (refusal.contains("zstd")) {
            assertThat(umoci(chosen + ":arm64")).contains(refusal);
        } else {
            assertThat(unpacked(chosen + ":arm64")).contains("big");
        }
        Shell.run("rm -r \"$1\"", chosen);
    }

    private static String umoci(String image) {
        return Shell.run("umoci unpack --image \"$1\" \"$2\" 2>&1 || :; rm -rf \"$2\"", image, shared.resolve("u"));
    }

    private static String unpacked(String image) {
        return Shell.run(
                "umoci unpack --image \"$1\" \"$2\" && cd \"$2\"/rootfs && cmp big \"$3\" && stat -c '%n %A' big && ls && rm -r \"$2\"",
                image, shared.resolve("u"), single.resolve("big"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "uncompressed", "zstd", "estargz"})
    void podmanLoadsAndRunsADockerArchive(String compression) {
        assertThat(withPodman(
                        "podman --events-backend none load -q -i \"$2\" && run archived:\"$3\"",
                        single.resolve(compression + ".tar"),
                        compression))
                .isEqualTo("Loaded image: docker.io/library/archived:" + compression + "\nmade\nmade\n");
    }

    @Test
    void anArchiveOfSeveralPlatformsIsALayoutOfThem() throws Exception {
        need("skopeo");
        Path copy = shared.resolve("copied");
        Shell.run("skopeo --insecure-policy copy -q --all oci-archive:\"$1\"/several.tar oci:\"$2\"", several, copy);
        assertThat(Shell.run("ls \"$1\"/blobs/sha256", copy))
                .isEqualTo(Shell.run("tar -t -f \"$1\"/several.tar | sed -n 's|^blobs/sha256/\\(.\\)|\\1|p'", several));
        Shell.run("rm -r \"$1\"", copy);
    }

    @Test
    void gnuTarAndGzipReadEstargz() {
        String listed = Shell.run("""
                cd "$1"
                for blob in estargz-true/blobs/sha256/*; do
                  if gzip -t "$blob" 2> no; then tar --list -z -f "$blob" | grep -v '^./'; fi
                done
                rm -f no
                """, single);
        assertThat(listed.lines())
                .contains("big", "made", ".wh.home")
                .filteredOn(name -> name.equals("stargz.index.json") || name.equals(".no.prefetch.landmark"))
                .hasSize(6);
    }

    @Test
    void podmanRunsWhatWasLoadedIntoIt() throws Exception {
        JsonNode metadata = new JsonMapper().readTree(Files.readString(single.resolve("metadata.json")));
        JsonNode loaded = metadata.path("jbuild.outputs").path(12);
        assertThat(loaded.path("type").asText()).isEqualTo("docker");
        assertThat(withPodman(
                        "run \"$2\"",
                        loaded.path("containerimage.config.digest").asText()))
                .isEqualTo("made\nmade\n");
    }

    @Test
    void theMetadataNamesEveryOutput() throws Exception {
        JsonNode metadata = new JsonMapper().readTree(Files.readString(single.resolve("metadata.json")));
        assertThat(metadata.path("jbuild.outputs").findValuesAsText("dest"))
                .containsExactlyElementsOf(Stream.concat(
                                COMPRESSIONS.stream().flatMap(each -> Stream.of(each + "-true", each + "-false")),
                                COMPRESSIONS.stream().map(each -> each + ".tar"))
                        .toList());
        JsonNode first = metadata.path("jbuild.outputs").path(0);
        for (String key : List.of("containerimage.digest", "containerimage.config.digest", "image.name")) {
            assertThat(first.path(key).asText())
                    .isNotEmpty()
                    .isEqualTo(metadata.path(key).asText());
        }
        List<String> digests = metadata.path("jbuild.outputs").findValuesAsText("containerimage.digest");
        assertThat(digests).hasSize(13);
        assertThat(Set.copyOf(digests.subList(0, 8)))
                .as("gzip and uncompressed in two spellings, zstd and eStargz in one; what was loaded is the second")
                .hasSize(6)
                .contains(digests.get(12));
    }
}
