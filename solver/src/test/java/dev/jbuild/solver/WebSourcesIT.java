package dev.jbuild.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.parser.source.DockerfileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// ADD of URLs, from a server on the loopback.
class WebSourcesIT {
    private static final String DATE = "Last-Modified: Wed, 03 Feb 2021 04:05:06 GMT";
    private static final long SECONDS = 1612325106;

    @TempDir
    Path directory;

    private FileServer web;
    private RemoteBuild build;

    @BeforeEach
    void start() throws Exception {
        Stat self = Objects.requireNonNull(Kernel.stat(Path.of("/proc/self")));
        Assumptions.assumeTrue(self.uid() == 0, "requires root: layers are mounted over one another");
        web = new FileServer(null);
        build = new RemoteBuild(directory);
    }

    @AfterEach
    void stop() {
        web.close();
    }

    private static Stat stat(Path file) throws IOException {
        return Objects.requireNonNull(Kernel.stat(file), file::toString);
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Path> blobs() throws IOException {
        try (Stream<Path> files = Files.list(build.store().resolve("blobs/sha256"))) {
            return files.toList();
        }
    }

    @Test
    void aFileIsItsOwnersAndAsOldAsTheServerSays() throws Exception {
        web.put("/dl/a%20b.txt".replace("%20", " "), "hello\n", DATE);
        build.run("FROM scratch\nADD " + web.url("/dl/a%20b.txt?x=y") + " /d/\n", root -> {
            Path file = root.resolve("d/a b.txt");
            assertThat(file).hasContent("hello\n");
            assertThat(stat(file).permissions()).isEqualTo(0600);
            assertThat(stat(file).uid()).isZero();
            assertThat(stat(file).mtimeSeconds()).isEqualTo(SECONDS);
        });
        assertThat(build.started())
                .containsSubsequence(
                        "[internal] load " + web.url("/dl/a%20b.txt?x=y"),
                        web.url("/dl/a%20b.txt?x=y"),
                        "[1/1] ADD " + web.url("/dl/a%20b.txt?x=y") + " /d/");
    }

    @Test
    void aFileWithoutADateIsFromTheEpoch() throws Exception {
        web.put("/a", "hello\n");
        build.run(
                "FROM scratch\nADD " + web.url("/a") + " /b\n",
                root -> assertThat(stat(root.resolve("b")).mtimeSeconds()).isZero());
    }

    @Test
    void chmodAndChownAreObeyed() throws Exception {
        web.put("/run", "#!\n");
        build.run("FROM scratch\nADD --chmod=755 --chown=5:6 " + web.url("/run") + " /bin/run\n", root -> {
            Stat stat = stat(root.resolve("bin/run"));
            assertThat(List.of(stat.permissions(), stat.uid(), stat.gid())).containsExactly(0755, 5, 6);
        });
    }

    @Test
    void anUnchangedFileIsAskedAboutAndNotDownloaded() throws Exception {
        web.put("/etag", "one", "ETag: \"1\"");
        web.put("/date", "two", DATE);
        String dockerfile = "FROM scratch\nADD " + web.url("/etag") + " " + web.url("/date") + " /d/\n";
        build.run(dockerfile, root -> {});
        build.run(dockerfile, root -> assertThat(root.resolve("d/date")).hasContent("two"));
        assertThat(web.requests)
                .containsExactlyInAnyOrder("GET /etag 200", "GET /date 200", "GET /etag 304", "GET /date 304");
        assertThat(build.cached()).contains("[1/1] ADD " + web.url("/etag") + " " + web.url("/date") + " /d/");

        web.put("/etag", "three", "ETag: \"2\"");
        build.run(dockerfile, root -> assertThat(root.resolve("d/etag")).hasContent("three"));
        assertThat(build.started()).contains("[1/1] ADD " + web.url("/etag") + " " + web.url("/date") + " /d/");
    }

    @Test
    void aFileThatTheServerSaysNothingOfIsDownloadedAndFoundByItsContent() throws Exception {
        web.put("/a", "one");
        String dockerfile = "FROM scratch\nADD " + web.url("/a") + " /a\n";
        build.run(dockerfile, root -> {});
        build.run(dockerfile, root -> {});
        assertThat(web.requests).containsExactly("GET /a 200", "GET /a 200");
        assertThat(build.cached()).contains(web.url("/a"), "[1/1] ADD " + web.url("/a") + " /a");
    }

    @Test
    void aKnownChecksumNeedsNoServer() throws Exception {
        web.put("/a", "one", DATE);
        String dockerfile = "FROM scratch\nADD --checksum=" + digest("one") + " " + web.url("/a") + " /a\n";
        build.run(
                dockerfile,
                root -> assertThat(stat(root.resolve("a")).mtimeSeconds()).isEqualTo(SECONDS));
        build.run(dockerfile, root -> assertThat(root.resolve("a")).hasContent("one"));
        build.run(
                dockerfile.replace("/a /a", "/elsewhere/a /again"),
                root -> assertThat(root.resolve("again")).hasContent("one"));
        assertThat(web.requests).containsExactly("GET /a 200");
    }

    @Test
    void aWrongChecksumKeepsNothing() throws Exception {
        web.put("/a", "one");
        assertThatThrownBy(() -> build.run(
                        "FROM scratch\nADD --checksum=" + digest("two") + " " + web.url("/a") + " /a\n", root -> {}))
                .isInstanceOf(SolveException.class)
                .hasMessageContaining("the digest is " + digest("one") + ", not " + digest("two"));
        assertThat(blobs()).isEmpty();
    }

    @Test
    void aMissingFileIsToldAtItsPlace() {
        assertThatThrownBy(() -> build.run("FROM scratch\nADD " + web.url("/none?token=x") + " /a\n", root -> {}))
                .isInstanceOfSatisfying(DockerfileException.class, e -> {
                    assertThat(e.diagnostics().getFirst().message())
                            .isEqualTo("GET " + web.url("/none") + ": not found (404)");
                    assertThat(e.source()
                                    .position(e.diagnostics().getFirst().span().start())
                                    .line())
                            .isEqualTo(2);
                });
    }

    @Test
    void redirectsAreFollowed() throws Exception {
        web.put("/old", new byte[0], 302, "Location: /new/name");
        web.put("/new/name", "hello");
        build.run(
                "FROM scratch\nADD " + web.url("/old") + " /d/\n",
                root -> assertThat(root.resolve("d/old")).hasContent("hello"));
    }

    @Test
    void aBrokenDownloadBeginsAnew() throws Exception {
        web.put("/a", "hello");
        web.breakOff("/a", 1);
        build.run(
                "FROM scratch\nADD " + web.url("/a") + " /a\n",
                root -> assertThat(root.resolve("a")).hasContent("hello"));
        assertThat(web.requests).hasSize(2);
    }

    @Test
    void aBrokenDownloadGoesOnWhereItEndedIfTheFileIsTheSame() throws Exception {
        byte[] big = new byte[3_000_000];
        new Random(7).nextBytes(big);
        web.put("/etag", big, 200, "ETag: \"v1\"");
        // Another content: a checksum that is known needs no server.
        byte[] other = Arrays.copyOf(big, big.length - 1);
        web.put("/date", other, 200, DATE);
        web.breakOff("/etag", 2);
        web.breakOff("/date", 1);
        build.run(
                "FROM scratch\nADD --checksum=" + Digest.of(big) + " " + web.url("/etag") + " /etag\nADD "
                        + web.url("/date") + " /date\n",
                root -> {
                    assertThat(root.resolve("etag")).hasBinaryContent(big);
                    assertThat(root.resolve("date")).hasBinaryContent(other);
                });
        assertThat(web.requests)
                .containsExactlyInAnyOrder(
                        "GET /etag 200", "GET /etag 206", "GET /etag 206", "GET /date 200", "GET /date 206");
        assertThat(web.ranges).hasSize(3).allMatch(range -> range.matches("bytes=[1-9][0-9]*- if (\"v1\"|Wed, 03 .*)"));
    }

    @Test
    void aDownloadWhoseFileChangedMeanwhileBeginsAnew() throws Exception {
        web.put("/a", "a first version", "ETag: \"v1\"");
        web.breakOff("/a", 1);
        web.afterwards.put(
                "/a",
                new FileServer.Page(
                        "another one".getBytes(StandardCharsets.UTF_8), Map.of("ETag", "\"v2\""), 200, new int[1]));
        build.run(
                "FROM scratch\nADD " + web.url("/a") + " /a\n",
                root -> assertThat(root.resolve("a")).hasContent("another one"));
        assertThat(web.requests).containsExactly("GET /a 200", "GET /a 200", "GET /a 200");
        assertThat(web.ranges).hasSize(1);
    }

    @Test
    void aWeakTagIsNoReasonToGoOn() throws Exception {
        web.put("/a", "a first version", "ETag: W/\"v1\"");
        web.breakOff("/a", 1);
        build.run(
                "FROM scratch\nADD " + web.url("/a") + " /a\n",
                root -> assertThat(root.resolve("a")).hasContent("a first version"));
        assertThat(web.ranges).isEmpty();
    }

    @Test
    void archivesAreUnpackedOnlyIfAskedTo() throws Exception {
        GitServer.run(directory, "mkdir -p t/x; echo hello > t/x/y; tar czf t.tgz -C t .");
        web.put("/t.tgz", Files.readAllBytes(directory.resolve("t.tgz")), 200);
        build.run(
                "FROM scratch\nADD " + web.url("/t.tgz") + " /p/\nADD --unpack=true " + web.url("/t.tgz") + " /u/\n",
                root -> {
                    assertThat(root.resolve("p/t.tgz")).isRegularFile();
                    assertThat(root.resolve("u/x/y")).hasContent("hello\n");
                    assertThat(root.resolve("u/t.tgz")).doesNotExist();
                });
    }

    @Test
    void aLoginIsSentAndNeverKept() throws Exception {
        web.put("/a", "hello");
        web.authorization = "Basic " + Base64.getEncoder().encodeToString("me:s3cret".getBytes(StandardCharsets.UTF_8));
        String url = web.url("/a").replace("http://", "http://me:s3cret@");
        build.run(
                "FROM scratch\nADD " + url + " /a\n",
                root -> assertThat(root.resolve("a")).hasContent("hello"));
        assertThat(build.events.toString()).contains("me:xxxxx@").doesNotContain("s3cret");
        assertThat(GitServer.run(build.store(), "grep -rl s3cret . | wc -l")).isEqualTo("0");
    }

    @Test
    void aLoginGoesToNoOtherServer() throws Exception {
        try (FileServer other = new FileServer(null)) {
            other.put("/a", "hello");
            web.put("/a", new byte[0], 307, "Location: " + other.url("/a"));
            String url = web.url("/a").replace("http://", "http://me:s3cret@");
            build.run(
                    "FROM scratch\nADD " + url + " /a\n",
                    root -> assertThat(root.resolve("a")).hasContent("hello"));
            assertThat(web.logins).hasSize(1);
            assertThat(other.logins).isEmpty();
        }
    }

    @Test
    void localAndRemoteSourcesMix() throws Exception {
        web.put("/a", "remote");
        Files.writeString(build.context().resolve("b"), "local");
        build.run("FROM scratch\nADD --link b " + web.url("/a") + " /d/\n", root -> {
            assertThat(root.resolve("d/a")).hasContent("remote");
            assertThat(root.resolve("d/b")).hasContent("local");
        });
    }
}
