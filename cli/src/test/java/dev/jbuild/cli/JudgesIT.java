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
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Other people's tools read what a build wrote.
@Timeout(300)
class JudgesIT {
    private static final String NAME = "docker.io/library/judged:1";
    private static final String DOCKERFILE = """
            FROM alpine:3 AS build
            RUN mkdir -p /made/dir && echo made > /made/file && ln -s file /made/link && chmod 4755 /made/file

            FROM alpine:3
            ARG VERSION=1
            ENV GREETING=hello NAME="two words"
            LABEL org.example.version=$VERSION org.example.name="two words"
            WORKDIR /code
            COPY --from=build --chown=12:34 /made /made
            COPY greeting.txt .
            RUN echo "$GREETING" > said && rm -r /home
            EXPOSE 8080 53/udp
            VOLUME /data
            USER 1000:1000
            STOPSIGNAL SIGQUIT
            ENTRYPOINT ["/bin/sh", "-c"]
            CMD ["cat said greeting.txt; ls /made; test ! -e /home"]
            """;
    private static final String SAYS = "hello\nhi\ndir\nfile\nlink\n";

    /// Where our configuration is meant to differ from buildah's.
    private static final Set<String> INTENDED = new TreeSet<>(List.of(
            // Without SOURCE_DATE_EPOCH ours is the Unix epoch, so that equal inputs give equal bytes.
            "/created",
            // BuildKit sets it for every CMD and ENTRYPOINT; only Windows reads it.
            "/config/ArgsEscaped",
            // buildah makes one layer of all instructions.
            "/rootfs/diff_ids",
            // Instructions as BuildKit words them, and a comment that names us.
            "/history"));

    @TempDir
    static Path shared;

    private static Path made;

    @TempDir
    Path directory;

    @BeforeAll
    static void build() throws Exception {
        Jbuild jbuild = Jbuild.in(shared);
        made = Jbuild.context(shared.resolve("made"), DOCKERFILE);
        Files.writeString(made.resolve("greeting.txt"), "hi\n");
        List<String> arguments = new ArrayList<>(TestImages.contexts("alpine:3"));
        arguments.addAll(List.of("-t", "judged:1", "-o", "type=oci,dest=oci.tar"));
        arguments.addAll(List.of("-o", "type=oci,tar=false,dest=layout", "-o", "type=docker,dest=docker.tar"));
        try (jbuild) {
            jbuild.build(made, arguments);
        }
    }

    private static void need(String program) {
        assumeTrue(Shell.has(program), () -> program + " is not here: run testdata/prepare");
    }

    private static JsonNode json(String text) throws IOException {
        return new JsonMapper().readTree(text);
    }

    @Test
    void skopeoReadsEveryOutput() throws Exception {
        need("skopeo");
        JsonNode config = json(Shell.run("skopeo inspect --config oci:\"$1\"/layout:1", made));
        for (String output : List.of("oci-archive:oci.tar", "docker-archive:docker.tar")) {
            String where = output.replace(":", ":" + made + "/");
            assertThat(json(Shell.run("skopeo inspect --config \"$1\"", where)))
                    .as(output)
                    .isEqualTo(config);
            assertThat(json(Shell.run("skopeo inspect \"$1\"", where)).path("Layers"))
                    .as(output)
                    .hasSize(config.path("rootfs").path("diff_ids").size());
        }
        // A copy reads and verifies every blob.
        Shell.run(
                "skopeo --insecure-policy copy -q oci-archive:\"$1\"/oci.tar docker-archive:\"$2\"/a.tar:copy:1",
                made,
                directory);
        Shell.run("skopeo --insecure-policy copy -q docker-archive:\"$1\"/docker.tar oci:\"$2\"/b:1", made, directory);
    }

    @Test
    void umociUnpacksTheLayout() {
        need("umoci");
        Shell.run("umoci unpack --image \"$1\"/layout:1 \"$2\"/bundle", made, directory);
        assertThat(Shell.run("cd \"$1\"/bundle/rootfs && stat -c '%n %A %u:%g' made made/* code/said", directory))
                .isEqualTo("""
                        made drwxr-xr-x 12:34
                        made/dir drwxr-xr-x 12:34
                        made/file -rwsr-xr-x 12:34
                        made/link lrwxrwxrwx 12:34
                        code/said -rw-r--r-- 0:0
                        """);
        assertThat(directory.resolve("bundle/rootfs/home"))
                .as("deleted in an upper layer")
                .doesNotExist();
        Shell.run("rm -rf \"$1\"/bundle", directory);
    }

    @Test
    void gnuTarListsEveryLayer() {
        String listed = Shell.run("""
                cd "$1"
                for blob in layout/blobs/sha256/*; do
                  if gzip -t "$blob" 2> not-gzip; then echo layer; tar --list --verbose -z -f "$blob"; fi
                done
                rm -f not-gzip
                """, made);
        assertThat(listed.lines().filter("layer"::equals)).hasSize(5);
        assertThat(listed)
                .doesNotContain("tar:")
                .containsPattern("-rwsr-xr-x 12/34 +5 .* made/file\n")
                .containsPattern("lrwxrwxrwx 12/34 +0 .* made/link -> file\n")
                .contains(" .wh.home\n");
    }

    @Test
    void podmanLoadsAndRunsIt() {
        need("podman");
        String podman = "podman --root \"$1\"/root --runroot \"$1\"/run --storage-driver vfs"
                + " --cgroup-manager cgroupfs --events-backend none ";
        assertThat(Shell.run(podman + "load -q -i \"$2\"", directory, made.resolve("docker.tar")))
                .contains(NAME);
        // Control groups and high limits are what a machine that is a container itself may not have.
        String run = podman + "--runtime crun run --cgroups disabled --pull never --rm --network none"
                + " --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 " + NAME;
        String bare = "unshare --mount sh -euc 'mount -t tmpfs none /sys/fs/cgroup; " + run + "' sh \"$1\"";
        assertThat(Shell.run(bare, directory)).isEqualTo(SAYS);
        Shell.run("rm -rf \"$1\"/root", directory);
    }

    @Test
    void buildahLoadsItAndMakesTheSameConfiguration() throws Exception {
        need("buildah");
        need("skopeo");
        String buildah = "buildah --root \"$1\"/root --runroot \"$1\"/run --storage-driver vfs ";
        String store = "containers-storage:[vfs@\"$1\"/root+\"$1\"/run]";
        Shell.run(
                "skopeo --insecure-policy copy -q oci:\"$2\":3 " + store + "docker.io/library/alpine:3",
                directory,
                TestImages.layout("alpine:3"));
        Shell.run(
                buildah + "bud -q --pull-never --isolation chroot --format oci --identity-label=false"
                        + " -t docker.io/library/theirs:1 \"$2\" && "
                        + buildah + "push -q docker.io/library/theirs:1 oci:\"$1\"/theirs:1",
                directory,
                made);
        JsonNode theirs = json(Shell.run("skopeo inspect --config oci:\"$1\"/theirs:1", directory));
        JsonNode ours = json(Shell.run("skopeo inspect --config oci:\"$1\"/layout:1", made));
        assertThat(differences("", ours, theirs)).isEqualTo(INTENDED);
        assertThat(ours.path("history")
                        .valueStream()
                        .filter(each -> !each.path("empty_layer").asBoolean()))
                .hasSameSizeAs(
                        ours.path("rootfs").path("diff_ids").valueStream().toList());

        assertThat(Shell.run(
                        "image=$(" + buildah + "pull -q oci-archive:\"$2\") && container=$(" + buildah
                                + "from --pull-never \"$image\") && " + buildah
                                + "run --isolation chroot \"$container\" -- cat /code/said",
                        directory,
                        made.resolve("oci.tar")))
                .isEqualTo("hello\n");
        Shell.run("rm -rf \"$1\"/root", directory);
    }

    /// The paths of objects at which two documents differ.
    private static Set<String> differences(String path, JsonNode one, JsonNode other) {
        Set<String> differences = new TreeSet<>();
        if (one.isObject() && other.isObject()) {
            Set<String> names = new TreeSet<>();
            one.fieldNames().forEachRemaining(names::add);
            other.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                differences.addAll(differences(path + "/" + name, one.path(name), other.path(name)));
            }
        } else if (!one.equals(other)) {
            differences.add(path);
        }
        return differences;
    }
}
