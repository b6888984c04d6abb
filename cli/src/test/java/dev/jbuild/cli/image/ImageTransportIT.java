package dev.jbuild.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jbuild.cli.Cli;
import dev.jbuild.cli.StoreFixture;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.fake.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Images go to other people's tools and come back with the same digests: Debian's docker-registry, skopeo and podman.
@Timeout(120)
class ImageTransportIT {
    @TempDir
    Path directory;

    private Cli jbuild;
    private Process registry;
    private String host;

    @BeforeEach
    void twoImages() throws IOException, InterruptedException {
        for (String program : List.of("docker-registry", "skopeo")) {
            assumeTrue(Shell.has(program), () -> program + " is not installed");
        }
        jbuild = new Cli(directory.resolve("store"));
        try (LayerStore store = LayerStore.open(jbuild.root())) {
            StoreFixture images = new StoreFixture(store);
            images.image("app:1", 100);
            images.index("multi:1", 100, 200);
        }
        startRegistry();
    }

    private void startRegistry() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        host = "127.0.0.1:" + port;
        Path config = Files.writeString(directory.resolve("registry.yml"), """
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s/registry
                http:
                  addr: %s
                """.formatted(directory, host));
        registry = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader log = registry.inputReader();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            if (line.contains("listening on")) {
                Thread.ofVirtual().start(() -> log.lines().forEach(unread -> {}));
                return;
            }
        }
        throw new IOException("docker-registry ended");
    }

    @AfterEach
    void stopRegistry() {
        if (registry != null) {
            registry.destroy();
            registry.onExit().join();
        }
    }

    private String ok(String... args) {
        Cli.Result result = jbuild.run(args);
        assertThat(result.err()).as(String.join(" ", args)).isEmpty();
        assertThat(result.code()).isEqualTo(ExitCode.OK);
        return result.out();
    }

    private String digest(String name) {
        return ok("inspect", "--format={{.Descriptor.Digest}}", name).strip();
    }

    @Test
    void whatIsPushedIsPulledWithTheSameDigest() {
        for (String image : List.of("app:1", "multi:1")) {
            String remote = host + "/team/" + image;
            ok("tag", image, remote);
            Cli.Result pushed = jbuild.run("push", remote);
            assertThat(pushed.out()).contains("1: digest: " + digest(image));
            assertThat(pushed.err())
                    .startsWith("#1 pushing " + remote + "\n")
                    .contains("#1 pushing layers to " + host + "/team/")
                    .containsPattern("\n#1 DONE \\S+s\n$");
            assertThat(Shell.run(
                            "skopeo inspect --raw --tls-verify=false docker://$1 | sha256sum | cut -d' ' -f1", remote))
                    .contains(digest(image).substring("sha256:".length()));

            Cli other = new Cli(directory.resolve("other"));
            Cli.Result pulled = other.run("pull", "--all-platforms", remote);
            assertThat(pulled.err())
                    .startsWith("#1 pulling " + remote + "\n")
                    .containsPattern("#1 sha256:[0-9a-f]{64} \\S+ / \\S+ .*done\n")
                    .containsPattern("\n#1 DONE \\S+s\n$");
            assertThat(pulled.out()).contains("Status: Downloaded newer image for " + remote);
            assertThat(other.run("pull", remote).out()).contains("Status: Image is up to date for " + remote);
            assertThat(other.run("images", "--format={{.Digest}}", remote).out().strip())
                    .isEqualTo(digest(image));
        }
        Cli.Result missing = jbuild.run("pull", host + "/team/app:none");
        assertThat(missing.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(missing.err()).contains("team/app:none: not found in " + host);
    }

    @Test
    void indexesAreMadeOfWhatIsInRegistries() {
        ok("tag", "app:1", host + "/one/app:1");
        ok("tag", "multi:1", host + "/two/multi:1");
        ok("push", "-q", host + "/one/app:1");
        ok("push", "-q", host + "/two/multi:1");
        String name = host + "/three/all:1";
        ok("imagetools", "create", "-t", name, "--annotation=index:a=b", host + "/one/app:1", host + "/two/multi:1");
        // The image for amd64 is in both.
        assertThat(ok(
                        "imagetools",
                        "inspect",
                        "--format={{range .Manifest.Manifests}}{{.platform.architecture}} {{end}}"
                                + "{{.Manifest.Annotations.a}}",
                        name))
                .isEqualTo("amd64 arm64 b\n");
        Shell.run("skopeo copy -q --all --src-tls-verify=false docker://$1 dir:$2/copied", name, directory);

        ok("imagetools", "create", "-t", host + "/three/arm:1", "-p", "linux/arm64", name);
        assertThat(ok("imagetools", "inspect", "--format={{json .Image}}", host + "/three/arm:1"))
                .contains("\"architecture\":\"arm64\"");
        ok("imagetools", "create", "-t", host + "/three/arm:1", "--append", host + "/one/app:1");
        assertThat(ok("imagetools", "inspect", host + "/three/arm:1")).contains("linux/arm64", "linux/amd64");
        ok("imagetools", "create", "-t", host + "/four/copy:1", name);
        assertThat(ok("imagetools", "inspect", "--raw", host + "/four/copy:1"))
                .isEqualTo(ok("imagetools", "inspect", "--raw", name));
        assertThat(jbuild.run("imagetools", "create", "-t", name, "-p", "linux/s390x", name)
                        .err())
                .contains("--platform linux/s390x: no source is for it; there are linux/amd64, linux/arm64");
        assertThat(ok("inspect", "--remote", "--format={{.Architecture}} {{len .Manifests}}", name))
                .isEqualTo("amd64 2\n");
    }

    /// What is in an image does not depend on where it lies. Of a registry's nothing is kept.
    @Test
    void exploresWhatIsInARegistryAndInArchives() throws IOException, InterruptedException {
        Path layout = directory.resolve("multi.tar");
        ok("save", "--format=oci", "-o", layout.toString(), "multi:1");
        String remote = host + "/team/multi:1";
        ok("tag", "multi:1", remote);
        ok("push", "-q", remote);

        Cli other = new Cli(directory.resolve("other"));
        JsonNode stored = explored(jbuild, "multi:1");
        assertThat(stored).hasSize(2);
        assertThat(explored(other, layout.toString())).isEqualTo(stored);
        assertThat(explored(other, "--platform=all", remote)).isEqualTo(stored);
        assertThat(explored(other, "--platform=linux/arm64", "docker://" + remote))
                .singleElement()
                .isEqualTo(stored.path(1));
        assertThat(explored(other, remote)).as("this machine's platform").hasSize(1);
        try (LayerStore store = LayerStore.open(other.root())) {
            assertThat(store.content().list()).isEmpty();
        }

        assertThat(explored(jbuild, "--offline", "multi:1")).isEqualTo(stored);
        Cli.Result offline = other.run("explore", "--offline", "--format=json", remote);
        assertThat(offline.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(offline.err())
                .contains(remote + " would have to be asked for at " + host + ", and jbuild is offline");
    }

    private static JsonNode explored(Cli jbuild, String... args) throws IOException {
        List<String> line = new ArrayList<>(List.of("explore", "--format=json"));
        line.addAll(List.of(args));
        Cli.Result result = jbuild.run(line.toArray(String[]::new));
        assertThat(result.err()).isEmpty();
        return new JsonMapper().readTree(result.out()).path("platforms");
    }

    @ParameterizedTest(name = "{0}, then {2}")
    @CsvSource({
        "docker, docker-archive, cat",
        "docker, docker-archive, gzip",
        "docker, docker-archive, bzip2",
        "oci,    oci-archive,    xz",
        "oci,    oci-archive,    cat",
        "oci,    oci-archive,    zstd",
    })
    void archivesGoThroughSkopeoAndBack(String format, String transport, String compressor) {
        assumeTrue(Shell.has(compressor), () -> compressor + " is not installed");
        Path saved = directory.resolve("saved.tar");
        ok("save", "--format=" + format, "-o", saved.toString(), "app:1");
        Path back = directory.resolve("back.tar");
        Shell.run(
                "skopeo copy -q $1:$2 $1:$3.plain:docker.io/team/back:1 && " + compressor + " < $3.plain > $3",
                transport,
                saved,
                back);
        Cli other = new Cli(directory.resolve("other"));
        Cli.Result loaded = other.run("load", "-i", back.toString());
        assertThat(loaded.err()).isEmpty();
        assertThat(loaded.out()).isEqualTo("Loaded image: team/back:1\n");
        String id = "--format={{.ID}}";
        assertThat(other.run("images", "--no-trunc", id).out()).isEqualTo(ok("images", "--no-trunc", id, "app:1"));
    }

    @Test
    void podmanLoadsWhatWeSaveAndWeLoadWhatItSaves() {
        assumeTrue(Shell.has("podman"), "podman is not installed");
        Path saved = directory.resolve("saved.tar");
        ok("save", "-o", saved.toString(), "app:1");
        String podman = "podman --root $1/podman --runroot $1/podman-run --storage-driver vfs ";
        Shell.run(podman + "load -q -i $2", directory, saved);
        String config = ok("images", "--no-trunc", "--format={{.ID}}", "app:1").strip();
        for (String format : List.of("docker-archive", "oci-archive")) {
            Shell.run(podman + "save -q --format $2 -o $1/$2.tar docker.io/library/app:1", directory, format);
            Cli other = new Cli(directory.resolve("store-" + format));
            assertThat(other.run("load", "-q", "-i", directory + "/" + format + ".tar")
                            .out())
                    .isEqualTo(config + "\n");
        }
    }
}
