package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.io.InputStream;
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
import org.junit.jupiter.params.provider.ValueSource;

/// Build contexts of every kind, built to the end: from standard input, from git, from a web server, and with a name.
@Timeout(120)
class ContextsIT {
    private static final String ALL = "FROM scratch\nCOPY . /all\n";

    @TempDir
    Path directory;

    private ContextServers servers;
    private Path served;
    private Path out;

    @BeforeEach
    void serve() throws IOException {
        served = Files.createDirectory(directory.resolve("served"));
        out = directory.resolve("out");
        servers = new ContextServers(served);
    }

    @AfterEach
    void close() {
        servers.close();
    }

    private Cli.Result run(InputStream input, String... arguments) {
        List<String> all = new ArrayList<>(List.of("build", "--progress=plain", "-o", "type=tar,dest=" + out));
        all.addAll(List.of(arguments));
        return new Cli(directory.resolve("store")).run(new FakeIo().in(input), all.toArray(String[]::new));
    }

    private PlainLog build(InputStream input, String... arguments) {
        Cli.Result result = run(input, arguments);
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        return PlainLog.of(result.err());
    }

    private PlainLog build(String... arguments) {
        return build(InputStream.nullInputStream(), arguments);
    }

    private String fail(ExitCode code, String... arguments) {
        Cli.Result result = run(InputStream.nullInputStream(), arguments);
        assertThat(result.code()).as(result.err()).isEqualTo(code);
        return result.err()
                .lines()
                .filter(line -> line.startsWith("ERROR: "))
                .findFirst()
                .orElse("");
    }

    /// The files of the image that was built last.
    private List<String> files() {
        return Shell.run("tar -tf \"$1\" | grep -v '/$' | sort", out).lines().toList();
    }

    private String file(String path) {
        return Shell.run("tar -xOf \"$1\" \"$2\"", out, path);
    }

    private Path dockerfile(String text) throws IOException {
        return Files.writeString(directory.resolve("another.Dockerfile"), text);
    }

    private static boolean cached(PlainLog log, String step) {
        return log.steps().stream()
                .anyMatch(each -> each.name().contains(step) && each.end().equals("CACHED"));
    }

    // Standard input

    @Test
    void archiveOnStandardInputKeepsItsOwners() throws IOException {
        Files.writeString(served.resolve("Dockerfile"), ALL);
        Files.writeString(served.resolve("a"), "a");
        Files.writeString(served.resolve(".dockerignore"), "a\n");
        Path tar = directory.resolve("context.tar");
        Shell.run("cd \"$1\" && tar -czf \"$2\" --owner=1000 --group=1001 --mode=u=rwX,go= .", served, tar);
        try (InputStream in = Files.newInputStream(tar)) {
            build(in, "-");
        }
        assertThat(files()).containsExactly("all/.dockerignore", "all/Dockerfile", "all/a");
        assertThat(Shell.run("tar -tvf \"$1\" all/a", out)).startsWith("-rw------- 1000/1001");
        // The same content by other means is the same image.
        Shell.run("cd \"$1\" && tar -cJf \"$2\" --owner=1000 --group=1001 --mode=u=rwX,go= .", served, tar);
        try (InputStream in = Files.newInputStream(tar)) {
            assertThat(build(in, "-").cached()).containsExactly("COPY . /all");
        }
    }

    @Test
    void dockerfileOnStandardInput() throws IOException {
        Path file = dockerfile("FROM scratch\nCOPY <<EOF /greeting\nhello\nEOF\n");
        try (InputStream in = Files.newInputStream(file)) {
            build(in, "-");
        }
        assertThat(file("greeting")).isEqualTo("hello\n");
        Files.writeString(served.resolve("a"), "a");
        try (InputStream in = Files.newInputStream(dockerfile("FROM scratch\nCOPY a /b\n"))) {
            build(in, "-f", "-", served.toString());
        }
        assertThat(files()).containsExactly("b");
    }

    // Git

    @Test
    void gitRepository() {
        servers.commit("app", "printf 'FROM scratch\\nCOPY . /all\\n' >Dockerfile; echo a >a; echo a >.dockerignore");
        PlainLog first = build(servers.git("app"));
        assertThat(files()).containsExactly("all/.dockerignore", "all/Dockerfile", "all/a");
        assertThat(first.steps())
                .extracting(PlainLog.Step::name)
                .containsOnlyOnce("[internal] load git source " + servers.git("app"));

        PlainLog again = build(servers.git("app"));
        assertThat(cached(again, "load git source")).isTrue();
        assertThat(again.cached()).containsExactly("COPY . /all");

        servers.commit("app", "true");
        PlainLog sameFiles = build(servers.git("app"));
        assertThat(cached(sameFiles, "load git source")).isFalse();
        assertThat(sameFiles.cached()).as("a new commit with the same files").containsExactly("COPY . /all");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"#v1:sub", "#refs/heads/v1:sub", "?branch=v1&subdir=sub", "?ref=v1#:sub"})
    void branchAndSubdirectory(String suffix) {
        servers.commit("app", "mkdir sub; printf 'FROM scratch\\nCOPY . /all\\n' >sub/Dockerfile; echo 1 >sub/version");
        servers.commit("app", "git checkout -q -b v1; echo v1 >sub/version");
        servers.commit("app", "git checkout -q main; echo 2 >sub/version; echo x >x");
        build(servers.git("app") + suffix);
        assertThat(files()).containsExactly("all/Dockerfile", "all/version");
        assertThat(file("all/version")).isEqualTo("v1\n");
    }

    @Test
    void knownCommitNeedsNoNetwork() {
        String commit = servers.commit("app", "printf 'FROM scratch\\nCOPY . /all\\n' >Dockerfile; echo 1 >version");
        servers.commit("app", "echo 2 >version");
        build(servers.git("app") + "#" + commit);
        assertThat(file("all/version")).isEqualTo("1\n");
        servers.close();
        PlainLog again = build(servers.git("app") + "#" + commit);
        assertThat(again.cached()).containsExactly("COPY . /all");
    }

    @Test
    void gitDirectoryIsKeptIfAskedFor() {
        servers.commit("app", "printf 'FROM scratch\\nCOPY . /all\\n' >Dockerfile");
        build("--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=1", servers.git("app"));
        assertThat(files()).contains("all/.git/HEAD");
        build(servers.git("app") + "?keep-git-dir=true");
        assertThat(files()).contains("all/.git/HEAD");
        build("--build-arg", "BUILDKIT_CONTEXT_KEEP_GIT_DIR=0", servers.git("app"));
        assertThat(files()).containsExactly("all/Dockerfile");
    }

    @Test
    void dockerfileForAGitRepository() throws IOException {
        servers.commit("app", "mkdir docker; printf 'FROM scratch\\nCOPY a /in\\n' >docker/Dockerfile; echo a >a");
        build("-f", "docker/Dockerfile", servers.git("app"));
        assertThat(files()).containsExactly("in");
        build("-f", dockerfile("FROM scratch\nCOPY a /local\n").toString(), servers.git("app"));
        assertThat(files()).containsExactly("local");
        try (InputStream in = Files.newInputStream(dockerfile("FROM scratch\nCOPY a /stdin\n"))) {
            build(in, "-f", "-", servers.git("app"));
        }
        assertThat(files()).containsExactly("stdin");
        Files.writeString(served.resolve("web.Dockerfile"), "FROM scratch\nCOPY a /web\n");
        build("-f", servers.url("web.Dockerfile"), servers.git("app"));
        assertThat(files()).containsExactly("web");
    }

    @Test
    void gitRepositoryThatCannotBeHad() {
        String commit = servers.commit("app", "echo a >a; mkdir sub");
        String app = servers.git("app");
        assertThat(fail(ExitCode.STORE_OR_REGISTRY, servers.git("none")))
                .contains("cannot fetch " + servers.git("none"));
        assertThat(fail(ExitCode.STORE_OR_REGISTRY, app + "#mian"))
                .contains("no branch, tag or commit \"mian\"", "main");
        assertThat(fail(ExitCode.STORE_OR_REGISTRY, app + "#main:sub/none")).contains("no directory \"sub/none\"");
        assertThat(fail(ExitCode.STORE_OR_REGISTRY, app + "?ref=main&checksum=" + "0".repeat(40)))
                .contains("checksum mismatch", commit);
        assertThat(fail(ExitCode.USAGE, app)).contains("Dockerfile in " + app + ": no such file");
        assertThat(fail(ExitCode.USAGE, app + "?reff=main")).contains("unexpected query \"reff\"");
    }

    // The web

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"tar", "tar.gz", "tar.bz2", "tar.xz", "tar.zst"})
    void archiveOnTheWeb(String kind) {
        Shell.run(
                "cd \"$1\" && printf 'FROM scratch\\nCOPY . /all\\n' >Dockerfile && echo a >a"
                        + " && tar -caf ../context." + kind + " . && mv ../context." + kind + " .",
                served);
        build(servers.url("context." + kind));
        assertThat(files()).containsExactly("all/Dockerfile", "all/a");
        assertThat(build(servers.url("context." + kind)).cached()).containsExactly("COPY . /all");
        assertThat(servers.requests).containsExactly("/context." + kind + " 200", "/context." + kind + " 304");
    }

    @Test
    void dockerfileOnTheWeb() throws IOException {
        Files.writeString(served.resolve("app"), "FROM scratch\nCOPY <<EOF /greeting\nhello\nEOF\n");
        build(servers.url("app"));
        assertThat(file("greeting")).isEqualTo("hello\n");
        Files.writeString(directory.resolve("a"), "a");
        Files.writeString(served.resolve("other"), "FROM scratch\nCOPY a /b\n");
        build("-f", servers.url("other"), directory.toString());
        assertThat(files()).containsExactly("b");
    }

    @Test
    void fileOnTheWebThatIsNoContext() throws IOException {
        Files.writeString(served.resolve("page"), "\n<!DOCTYPE html>\n<html></html>\n");
        Files.writeString(served.resolve("other"), "FROM scratch\n");
        Shell.run("cd \"$1\" && gzip other && echo a >a && tar -cf empty.tar a", served);
        assertThat(fail(ExitCode.STORE_OR_REGISTRY, servers.url("none"))).contains(servers.url("none"), "404");
        assertThat(fail(ExitCode.STORE_OR_REGISTRY, servers.url("page"))).contains("is a web page", "ends with .git");
        assertThat(fail(ExitCode.STORE_OR_REGISTRY, servers.url("other.gz"))).contains("no tar archive");
        assertThat(fail(ExitCode.USAGE, servers.url("empty.tar")))
                .contains("Dockerfile in " + servers.url("empty.tar") + ": no such file");
    }

    // Named contexts

    @Test
    void namedContexts() throws IOException {
        servers.commit("lib", "echo git >code; mkdir sub; echo sub >sub/code");
        Files.writeString(served.resolve("file"), "web");
        Path local = Files.createDirectory(directory.resolve("local"));
        Files.writeString(local.resolve("seen"), "local");
        Files.writeString(local.resolve("hidden"), "hidden");
        Files.writeString(local.resolve(".dockerignore"), "hidden\n");
        Path file = dockerfile("""
                FROM scratch AS all
                COPY --from=repo code /git
                COPY --from=part code /sub
                COPY --from=web context /web
                COPY --from=here . /local
                FROM scratch
                COPY --from=all / /
                """);
        String[] arguments = {
            "-f",
            file.toString(),
            "--build-context",
            "repo=" + servers.git("lib"),
            "--build-context",
            "part=" + servers.git("lib") + "#main:sub",
            "--build-context",
            "web=" + servers.url("file"),
            "--build-context",
            "here=" + local,
            served.toString()
        };
        build(arguments);
        assertThat(files()).containsExactly("git", "local/.dockerignore", "local/seen", "sub", "web");
        assertThat(file("git") + file("sub") + file("web")).isEqualTo("git\nsub\nweb");
        assertThat(build(arguments).ran()).isEmpty();
    }

    @Test
    void contextsForBaseImages() throws IOException {
        servers.commit("base", "echo base >file");
        Path file = dockerfile("FROM docker.io/library/alpine:latest\n");
        build("-f", file.toString(), "--build-context", "alpine=" + servers.git("base"), served.toString());
        assertThat(files()).containsExactly("file");
        Path scratch = dockerfile("FROM alpine\nCOPY <<EOF /only\nonly\nEOF\n");
        build("-f", scratch.toString(), "--build-context", "alpine:latest=docker-image://scratch", served.toString());
        assertThat(files()).containsExactly("only");
    }

    @Test
    void contextForOnePlatform() throws IOException {
        Path arm = Files.createDirectory(directory.resolve("arm"));
        Path other = Files.createDirectory(directory.resolve("other"));
        Files.writeString(arm.resolve("f"), "arm");
        Files.writeString(other.resolve("f"), "other");
        Path file = dockerfile("FROM scratch\nCOPY --from=files f /f\n");
        for (String platform : List.of("linux/arm64", "linux/amd64")) {
            build(
                    "-f",
                    file.toString(),
                    "--platform=" + platform,
                    "--build-context=files::linux/arm64/v8=" + arm,
                    "--build-context=files=" + other,
                    served.toString());
            assertThat(file("f")).isEqualTo(platform.endsWith("arm64") ? "arm" : "other");
        }
    }

    @Test
    void namedContextThatCannotBeHadIsToldWhereItIsUsed() throws IOException {
        Path file = dockerfile("FROM scratch\nCOPY --from=repo a /\n");
        Cli.Result result = run(
                InputStream.nullInputStream(),
                "-f",
                file.toString(),
                "--build-context=repo=" + servers.git("none"),
                served.toString());
        assertThat(result.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(result.err()).contains("cannot fetch " + servers.git("none"), "another.Dockerfile:2:");
    }

    @Test
    void contextAndAddShareOneFetch() {
        servers.commit("app", "printf 'FROM scratch\\nADD %s /all\\n' \"" + servers.git("app") + "\" >Dockerfile");
        PlainLog log = build(servers.git("app"));
        assertThat(files()).containsExactly("all/Dockerfile");
        assertThat(log.steps().stream().filter(step -> step.name().contains("load git source")))
                .hasSize(1);
    }

    // Times

    /// When the file was changed, as the image says.
    private String date(String path) {
        return Shell.run("tar --full-time -tvf \"$1\" \"$2\" | awk '{print $4, $5}'", out, path)
                .strip();
    }

    @Test
    void timeOfTheContext() throws IOException {
        servers.commit("app", "printf 'FROM scratch\\nCOPY <<EOF /made\\nx\\nEOF\\n' >Dockerfile");
        build("--build-arg=SOURCE_DATE_EPOCH=context", servers.git("app"));
        assertThat(date("made")).as("commit").isEqualTo("2021-02-03 04:05:06");

        Path tar = served.resolve("app.tar");
        Shell.run(
                "cd \"$1/app\" && touch -d 2019-01-01T00:00:00Z Dockerfile && mkdir d && touch -d 2020-02-02T02:02:02Z d/newest"
                        + " && tar -cf \"$2\" Dockerfile d && touch -d 2018-03-03T03:03:03Z \"$2\"",
                served,
                tar);
        build("--build-arg=SOURCE_DATE_EPOCH=context", servers.url("app.tar"));
        assertThat(date("made")).as("server").isEqualTo("2018-03-03 03:03:03");
        try (InputStream in = Files.newInputStream(tar)) {
            build(in, "--build-arg=SOURCE_DATE_EPOCH=context", "-");
        }
        assertThat(date("made")).as("newest file").isEqualTo("2020-02-02 02:02:02");

        build(
                "--build-arg=SOURCE_DATE_EPOCH=lib",
                "--build-context=lib=" + servers.git("app"),
                served.resolve("app").toString());
        assertThat(date("made")).as("named context").isEqualTo("2021-02-03 04:05:06");

        Path file = dockerfile("ARG SOURCE_DATE_EPOCH=context\nFROM scratch\nCOPY <<EOF /made\nx\nEOF\n");
        build("-f", file.toString(), servers.git("app"));
        assertThat(date("made")).as("global ARG").isEqualTo("2021-02-03 04:05:06");

        Cli.Result local = run(InputStream.nullInputStream(), "-f", file.toString(), served.toString());
        assertThat(local.code()).as(local.err()).isEqualTo(ExitCode.OK);
        assertThat(local.err()).contains("SOURCE_DATE_EPOCH=context sets no time");

        Path staged = dockerfile("ARG SOURCE_DATE_EPOCH=src\nFROM scratch AS src\nADD " + servers.git("app")
                + " /\nFROM scratch\nCOPY <<EOF /made\nx\nEOF\n");
        build("-f", staged.toString(), served.resolve("app").toString());
        assertThat(date("made")).as("stage").isEqualTo("2021-02-03 04:05:06");
    }
}
