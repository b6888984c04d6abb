package dev.jbuild.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.Stat;
import dev.jbuild.parser.source.DockerfileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// ADD of git repositories, from git's daemon on the loopback.
class GitSourcesIT {
    private static final long SECONDS = 1612325106;

    @TempDir
    Path directory;

    private GitServer server;
    private RemoteBuild build;
    private String first;
    private String second;

    @BeforeEach
    void start() throws Exception {
        Stat self = Objects.requireNonNull(Kernel.stat(Path.of("/proc/self")));
        Assumptions.assumeTrue(self.uid() == 0, "requires root: layers are mounted over one another");
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/git")), "requires git");
        server = new GitServer(directory.resolve("served"));
        build = new RemoteBuild(directory);
        server.init("x");
        first = server.in("x", """
                echo one > file; echo '#!' > run; chmod 700 run; chmod 600 file
                mkdir -p sub/deep; echo deep > sub/deep/er; ln -s sub link; ln -s file sym
                git add .; git commit -qm first; git tag light; git tag -a v1 -m v1; git branch old
                git rev-parse HEAD""");
        second = server.in("x", "echo two > file; git commit -qam second; git rev-parse HEAD");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Stat stat(Path file) throws IOException {
        return Objects.requireNonNull(Kernel.stat(file), file::toString);
    }

    private String add(String flags, String url) {
        return "FROM scratch\nADD " + flags + " " + url + " /d/\n";
    }

    @ParameterizedTest(name = "#{0}")
    @CsvSource({
        "'', two",
        "#main, two",
        "#old, one",
        "#v1, one",
        "#light, one",
        "#refs/tags/v1, one",
        "?tag=v1, one",
        "?branch=old, one",
        "?ref=v1&checksum=FIRST, one",
        "#FIRST, one",
        "#SHORT, one",
        "?commit=SHORT, one",
        "?ref=main&commit=FIRST&fetch-by-commit=true, one"
    })
    void aReferenceLeadsToACommit(String rest, String content) throws Exception {
        String url = server.url("x") + rest.replace("FIRST", first).replace("SHORT", first.substring(0, 8));
        build.run(add("", url), root -> {
            assertThat(root.resolve("d/file")).hasContent(content + "\n");
            assertThat(root.resolve("d/.git")).doesNotExist();
        });
    }

    @Test
    void modesAreGitsAndOwnersRoot() throws Exception {
        build.run(add("", server.url("x") + "?mtime=commit"), root -> {
            assertThat(stat(root.resolve("d/file")).permissions()).isEqualTo(0644);
            assertThat(stat(root.resolve("d/run")).permissions()).isEqualTo(0755);
            assertThat(stat(root.resolve("d/sub")).permissions()).isEqualTo(0755);
            assertThat(stat(root.resolve("d/sub")).uid()).isZero();
            assertThat(stat(root.resolve("d/file")).mtimeSeconds()).isEqualTo(SECONDS);
            assertThat(stat(root.resolve("d/sub/deep/er")).mtimeSeconds()).isEqualTo(SECONDS);
            assertThat(stat(root.resolve("d/sym")).mtimeSeconds()).isEqualTo(SECONDS);
            assertThat(Files.readSymbolicLink(root.resolve("d/sym"))).hasToString("file");
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"#main:sub, deep/er", "#main:link/deep, er", "#:/sub/deep/, er", "?subdir=sub%2Fdeep, er"})
    void aSubdirectoryBecomesTheRoot(String rest, String file) throws Exception {
        build.run(add("", server.url("x") + rest), root -> {
            assertThat(root.resolve("d").resolve(file)).hasContent("deep\n");
            assertThat(root.resolve("d/file")).doesNotExist();
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"none", "file", "out/jbuild", "/proc/self", ".git", "../../etc"})
    void aSubdirectoryMustBeInTheRepository(String subdirectory) throws Exception {
        server.in("x", "ln -s ../../../../../../../../../../etc out; git add .; git commit -qm out");
        assertThatThrownBy(() -> build.run(add("", server.url("x") + "#main:" + subdirectory), root -> {}))
                .isInstanceOf(SolveException.class)
                .hasMessageContaining('"' + subdirectory + '"');
    }

    @Test
    void theGitDirectoryStaysIfAskedFor() throws Exception {
        build.run(add("--keep-git-dir=true", server.url("x") + "#v1"), root -> {
            Path copy = root.resolve("d");
            String safe = "git -c safe.directory=* ";
            assertThat(GitServer.run(copy, safe + "rev-parse HEAD")).isEqualTo(first);
            assertThat(GitServer.run(copy, safe + "describe")).isEqualTo("v1");
            assertThat(GitServer.run(copy, safe + "remote get-url origin")).isEqualTo(server.url("x"));
            assertThat(GitServer.run(copy, safe + "status --porcelain")).isEmpty();
            assertThat(GitServer.run(copy, "grep -rl '" + build.store() + "' . | wc -l"))
                    .isEqualTo("0");
        });
    }

    @Test
    void submodulesComeUnlessRefused() throws Exception {
        server.init("lib");
        server.in("lib", "echo lib > l; git add .; git commit -qm lib");
        server.in("x", """
                git -c protocol.file.allow=always submodule --quiet add ../lib mods/lib
                git config -f .gitmodules submodule.mods/lib.url ../lib
                git add .; git commit -qm mods""");
        build.run(add("", server.url("x")), root -> {
            assertThat(root.resolve("d/mods/lib/l")).hasContent("lib\n");
            assertThat(root.resolve("d/mods/lib/.git")).doesNotExist();
        });
        build.run(
                add("", server.url("x") + "?submodules=false"),
                root -> assertThat(root.resolve("d/mods/lib")).isEmptyDirectory());
        build.run(
                add("--keep-git-dir", server.url("x")),
                root -> assertThat(root.resolve("d/mods/lib/.git")).isRegularFile());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "ext::sh -c touch% ESCAPED, transport 'ext' not allowed",
        "file://SERVED/x, transport 'file' not allowed",
        "SERVED/x, transport 'file' not allowed",
        "--upload-pack=touch ESCAPED, No url found for submodule path"
    })
    void aSubmoduleMayNotReachThisMachine(String url, String message) throws Exception {
        Path escaped = directory.resolve("escaped");
        String hostile = url.replace("ESCAPED", escaped.toString()).replace("SERVED", server.directory() + "");
        server.in("x", "git update-index --add --cacheinfo 160000," + first + ",mod");
        server.in(
                "x",
                "printf '[submodule \"mod\"]\\n\\tpath = mod\\n\\turl = %s\\n' '" + hostile.replace("% ", "%% ")
                        + "' > .gitmodules; git add .gitmodules; git commit -qm hostile");
        assertThatThrownBy(() -> build.run(add("", server.url("x")), root -> {}))
                .isInstanceOf(SolveException.class)
                .hasMessageContaining("cannot fetch " + server.url("x"))
                .hasMessageContaining(message);
        assertThat(escaped).doesNotExist();
    }

    @Test
    void aCommitIsFetchedOnce() throws Exception {
        build.run(add("", server.url("x")), root -> {});
        build.run(add("", server.url("x")), root -> {});
        assertThat(build.cached()).contains(server.url("x"), "[1/1] ADD " + server.url("x") + " /d/");
        server.in("x", "echo three > file; git commit -qam third");
        build.run(
                add("", server.url("x")),
                root -> assertThat(root.resolve("d/file")).hasContent("three\n"));
    }

    @Test
    void aWholeCommitIdNeedsNoServerTheSecondTime() throws Exception {
        build.run(add("", server.url("x") + "#" + first), root -> {});
        server.close();
        build.run(add("", server.url("x") + "#" + first), root -> {});
        build.run(
                add("", server.url("x") + "#" + first + ":sub"),
                root -> assertThat(root.resolve("d/deep/er")).hasContent("deep\n"));
    }

    @Test
    void severalReferencesOfOneRepositoryComeSideBySide() throws Exception {
        String url = server.url("x");
        build.run(
                "FROM scratch AS a\nADD " + url + "#old /a/\nFROM scratch AS b\nADD " + url + "#main /b/\n"
                        + "FROM scratch AS c\nADD " + url + "#" + first.substring(0, 9) + " /c/\n"
                        + "FROM scratch\nCOPY --from=a / /\nCOPY --from=b / /\nCOPY --from=c / /\n",
                root -> {
                    assertThat(root.resolve("a/file")).hasContent("one\n");
                    assertThat(root.resolve("b/file")).hasContent("two\n");
                    assertThat(root.resolve("c/file")).hasContent("one\n");
                });
    }

    @Test
    void checksumsAreCompared() throws Exception {
        build.run(add("--checksum=" + second.substring(0, 6), server.url("x")), root -> {});
        assertThatThrownBy(() -> build.run(add("--checksum=" + second, server.url("x") + "#v1"), root -> {}))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining("is commit " + first + ", expected " + second);
    }

    @Test
    void whatIsNotThereIsTold() {
        assertThatThrownBy(() -> build.run(add("", server.url("x") + "#mian"), root -> {}))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining("there is no branch, tag or commit \"mian\"; did you mean `main`?");
        assertThatThrownBy(() -> build.run(add("", server.url("none")), root -> {}))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining("cannot fetch " + server.url("none"));
        String unknown = "f".repeat(40);
        assertThatThrownBy(() -> build.run(add("", server.url("x") + "#" + unknown), root -> {}))
                .isInstanceOf(SolveException.class)
                .hasMessageContaining("there is no commit " + unknown);
    }

    @Test
    void aServerOfPlainFilesWillDoAndGetsTheLogin() throws Exception {
        server.in("x", "git update-server-info");
        try (FileServer web = new FileServer(server.directory())) {
            GitServer.run(server.directory(), "ln -s x/.git x.git");
            web.authorization =
                    "Basic " + Base64.getEncoder().encodeToString("me:s3cret".getBytes(StandardCharsets.UTF_8));
            String url = web.url("/x.git#v1").replace("http://", "http://me:s3cret@");
            build.run(add("", url), root -> assertThat(root.resolve("d/file")).hasContent("one\n"));
            assertThat(build.events.toString()).contains("me:xxxxx@").doesNotContain("s3cret");
            assertThat(GitServer.run(build.store(), "grep -rl s3cret . | wc -l"))
                    .isEqualTo("0");
            assertThatThrownBy(() -> build.run(add("", web.url("/x.git#old")), root -> {}))
                    .isInstanceOf(DockerfileException.class)
                    .hasMessageContaining("cannot fetch " + web.url("/x.git"));
        }
    }
}
