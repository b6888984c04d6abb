package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Builds that use secrets in every form, and a search for them in everything that is left of such a build.
@Timeout(180)
class SecretsIT {
    private static final String FILE = "f1le-s3cret-9b0c2d";
    private static final String SECOND_LINE = "s3cond-line-77aa";
    private static final String VARIABLE = "vari4ble-s3cret-ü-18c4";
    private static final String DOTTED = "d0tenv-s3cret-55e1";
    private static final String GIT = "g1t-t0ken-c7f20a";
    private static final String WEB = "w3b-t0ken-88d3e1";
    private static final List<String> ALL = List.of(FILE, SECOND_LINE, VARIABLE, DOTTED, GIT, WEB);

    /// Every assertion is the step's own: a secret that is not as it should be fails the build.
    private static final String DOCKERFILE = """
            FROM alpine:3
            ENV TOKEN=of-the-stage
            RUN mkdir /cache && chmod 700 /root
            RUN --mount=type=secret,id=file \\
                --mount=type=secret,id=variable,env=TOKEN,target=/root/.token,mode=0440,uid=7,gid=8,required \\
                --mount=type=secret,id=DOTTED,env=DOTTED \\
                --mount=type=secret,target=/dev/file \\
                --mount=type=cache,target=/cache --mount=type=secret,id=file,target=/cache/file \\
                --mount=type=secret,id=absent --mount=type=secret,id=absent,env=ABSENT <<EOF
            set -e
            [ "$(stat -c '%a %u %g' /run/secrets/file)" = '400 0 0' ]
            [ "$(stat -c '%a %u %g' /root/.token)" = '440 7 8' ]
            [ "$TOKEN" = "$(cat /root/.token)" ]
            [ ${#DOTTED} = 18 ]
            [ -z "${ABSENT+set}" ]
            [ ! -e /run/secrets/absent ]
            cmp /dev/file /run/secrets/file
            cmp /cache/file /run/secrets/file
            ! echo more 2>/dev/null > /run/secrets/file
            echo "said: $TOKEN $DOTTED"
            echo "hash: $(sha256sum < /run/secrets/file)" >&2
            cat /run/secrets/file
            tr '\\n' ' ' < /run/secrets/file
            EOF
            RUN set -e; [ "$TOKEN" = of-the-stage ]; [ ! -e /run/secrets ]; [ ! -e /root/.token ]; [ ! -e /run/buildkit ]
            RUN --mount=type=ssh,mode=0620,uid=5 --mount=type=ssh,id=other,target=/a/socket --mount=type=ssh,id=absent <<EOF
            set -e
            [ "$SSH_AUTH_SOCK" = /run/buildkit/ssh_agent.0 ]
            [ -S /run/buildkit/ssh_agent.0 ]
            [ "$(stat -c '%a %u %g' /run/buildkit/ssh_agent.0)" = '620 5 0' ]
            [ "$(stat -c '%a %u %g' /a/socket)" = '600 0 0' ]
            [ ! -e /run/buildkit/ssh_agent.2 ]
            EOF
            """;

    @TempDir
    Path directory;

    private Jbuild jbuild;
    private Path temporary;
    private HttpServer web;
    private final List<String> logins = new CopyOnWriteArrayList<>();

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(Shell.has("ssh-keygen") && Shell.has("ssh-agent"), "needs openssh-client");
        temporary = Files.createDirectory(directory.resolve("temporary"));
        jbuild = Jbuild.in(directory)
                .with("SECRET_VARIABLE", VARIABLE)
                .with("TMPDIR", temporary.toString())
                .with("JBUILD_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);
        Files.writeString(directory.resolve("file"), FILE + "\n" + SECOND_LINE + "\n");
        Files.writeString(directory.resolve("dotenv"), "# of a test\nexport DOTTED=\"" + DOTTED + "\"\nOTHER=1\n");
        Shell.run("ssh-keygen -q -t ed25519 -N '' -f \"$1\"", directory.resolve("key"));
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", this::answer);
        web.start();
    }

    @AfterEach
    void close() {
        web.stop(0);
        jbuild.close();
    }

    /// Files for those who log in. Git's own way over plain files needs no more than that.
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String login = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            logins.add(login);
            String path = exchange.getRequestURI().getPath();
            String wanted = path.startsWith("/project.git/")
                    ? "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(("x-access-token:" + GIT).getBytes(StandardCharsets.UTF_8))
                    : "Bearer " + WEB;
            Path file = directory.resolve("served" + path);
            if (!login.equals(wanted)) {
                exchange.sendResponseHeaders(401, -1);
            } else if (Files.isRegularFile(file)) {
                byte[] body = Files.readAllBytes(file);
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private List<String> options(String isolation) {
        List<String> options = new ArrayList<>(TestImages.contexts("alpine:3"));
        options.addAll(List.of("--isolation=" + isolation, "--secret", "id=file,src=" + directory.resolve("file")));
        options.addAll(List.of("--secret", "type=env,id=variable,src=SECRET_VARIABLE"));
        options.addAll(List.of("--secret-env-file", directory.resolve("dotenv").toString()));
        options.addAll(List.of("--ssh", "default=" + directory.resolve("key")));
        options.addAll(List.of("--ssh", "other=" + directory.resolve("key")));
        return options;
    }

    /// The other rungs: see [RungsIT].
    @ParameterizedTest
    @EnumSource(names = {"CRUN", "RUNC"})
    void nothingIsLeftOfASecret(Rung rung) throws Exception {
        Path context = Jbuild.context(directory.resolve("context"), DOCKERFILE);
        Path outputs = Files.createDirectory(directory.resolve("outputs"));
        List<String> options = options("oci");
        options.addAll(List.of("-o", "type=oci,dest=" + outputs.resolve("oci.tar")));
        options.addAll(List.of("-o", "type=local,dest=" + outputs.resolve("local")));
        options.addAll(
                List.of("--metadata-file", outputs.resolve("metadata.json").toString()));
        // What is told of the image must not tell them either, not even where somebody passes one as an argument.
        options.addAll(List.of("--provenance=mode=max", "--sbom", "--build-arg=UNWISE=" + DOTTED));
        boolean all = rung == Rung.CRUN;
        List<String> build = new ArrayList<>(List.of("build", "--progress=plain"));
        build.addAll(options);
        build.add(".");
        ProcessBuilder command = jbuild.prepare(context, build);
        Outcome plain = Installation.start(command.command(rung.alone(command.command())));
        assertThat(plain.code()).as(plain.err()).isZero();
        assertThat(plain.err())
                .contains("said: *** ***")
                .contains("hash: "
                        + Shell.run("sha256sum < \"$1\"", directory.resolve("file"))
                                .strip());
        Files.writeString(outputs.resolve("plain.log"), plain.err() + plain.out());
        if (all) {
            List<String> again = new ArrayList<>(options);
            again.addAll(List.of("--no-cache", "--progress=rawjson", "--debug"));
            Outcome raw = jbuild.tryBuild(context, again);
            assertThat(raw.code()).as(raw.err()).isZero();
            Files.writeString(outputs.resolve("raw.log"), raw.err() + raw.out());
            Jbuild.context(context, DOCKERFILE + "RUN --mount=type=secret,id=file cat /run/secrets/file; exit 3\n");
            Outcome failed = jbuild.tryBuild(context, options);
            assertThat(failed.code()).isEqualTo(1);
            assertThat(failed.err()).contains(" CACHED").contains("***\n***\n------");
            Files.writeString(outputs.resolve("failed.log"), failed.err() + failed.out());
            // Another value is no reason to run a step again.
            Jbuild.context(context, DOCKERFILE);
            PlainLog cached = jbuild.with("SECRET_VARIABLE", "another").build(context, options);
            assertThat(cached.cached()).anyMatch(step -> step.contains("id=variable,env=TOKEN"));
        }
        assertThat(leftOver(jbuild.store(), outputs, temporary)).isEmpty();
        assertThat(Shell.run("ls -A \"$1\"", temporary)).isEmpty();
        // The search itself is no good if it finds nothing where there is something.
        Path planted = Files.createDirectory(directory.resolve("planted"));
        byte[] within = ("user:" + FILE + "@host").getBytes(StandardCharsets.UTF_8);
        Files.write(planted.resolve("encoded"), Base64.getEncoder().encode(within));
        Shell.run("gzip -c < \"$1\" > \"$2/packed\"", directory.resolve("file"), planted);
        Shell.run("cd \"$1\" && mkdir in && mv packed in && tar -cf image.tar in", planted);
        assertThat(leftOver(planted)).hasSize(3);
    }

    /// A step that waits for us, with a secret in each form: what a disk holds meanwhile is what is left of
    /// a build that is killed.
    @Test
    void whileAStepRunsItsSecretsAreOnNoDisk() throws Exception {
        Path context = Jbuild.context(directory.resolve("context"), """
                FROM alpine:3
                RUN --mount=type=secret,id=file --mount=type=secret,id=variable,env=TOKEN --mount=type=ssh \\
                    ["/bin/sh", "-c", "echo star''ted; sleep 60; true", "waits-for-the-test"]
                """);
        List<String> options = options("oci");
        options.addAll(List.of("-o", "type=cacheonly"));
        try (RunningBuild build = RunningBuild.start(jbuild, context, options)) {
            build.waitFor(" started");
            List<ProcessHandle> step = RunningBuild.processes("waits-for-the-test");
            assertThat(step).isNotEmpty();
            assertThat(leftOver(jbuild.store(), temporary)).isEmpty();
            assertThat(Shell.run("cat /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep -cFa -f \"$1\" || :", patterns()))
                    .isEqualTo("0\n");
            List<ProcessHandle> agents = ProcessHandle.of(build.pid()).stream()
                    .flatMap(ProcessHandle::descendants)
                    .filter(each -> each.info().command().orElse("").endsWith("cat"))
                    .toList();
            assertThat(agents).isNotEmpty();
            build.kill();
            RunningBuild.waitUntilGone(step);
            RunningBuild.waitUntilGone(agents);
        }
        assertThat(leftOver(jbuild.store(), temporary)).isEmpty();
    }

    /// What is looked for, a line each.
    private Path patterns() throws IOException {
        List<String> lines = new ArrayList<>(ALL);
        Shell.run("grep -v -- ----- \"$1\"", directory.resolve("key")).lines().forEach(lines::add);
        for (String secret : ALL) {
            // Inside of a longer text, the encoding begins at any of three places.
            for (String before : List.of("", "x", "xx")) {
                String encoded = Base64.getEncoder().encodeToString((before + secret).getBytes(StandardCharsets.UTF_8));
                lines.add(encoded.substring(4, encoded.length() - 4));
            }
        }
        return Files.write(directory.resolve("patterns"), lines);
    }

    /// Where secrets are found: as they are, in base64, and in what gzip has packed.
    private List<String> leftOver(Path... places) throws IOException {
        Path patterns = patterns();
        List<String> found = new ArrayList<>();
        for (Path place : places) {
            found.addAll(Shell.run("""
                            grep -rlFaf "$2" "$1" || :
                            { grep -rlaP '^\\x1f\\x8b' "$1" || :; } | while read -r file; do
                              ! gzip -dc "$file" 2>/dev/null | grep -qFaf "$2" || echo "$file (packed)"
                            done
                            for tar in "$1"/*.tar; do
                              [ ! -e "$tar" ] || {
                                mkdir "$tar.d" && tar -xf "$tar" -C "$tar.d"
                                for blob in $(find "$tar.d" -type f); do
                                  ! { gzip -dc "$blob" 2>/dev/null || cat "$blob"; } | grep -qFaf "$2" || echo "$blob"
                                done
                                rm -r "$tar.d"
                              }
                            done
                            """, place, patterns).lines().toList());
        }
        return found;
    }

    @Test
    void secretsLogInToServers() throws Exception {
        Path repository = Files.createDirectories(directory.resolve("served/project.git"));
        Shell.run("""
                mkdir "$2/work" && cd "$2/work" && git init -q -b main . && echo hello > hello && git add hello &&
                git -c user.name=Test -c user.email=test@example.com commit -q -m one &&
                git clone -q --bare . "$1" && git -C "$1" update-server-info
                """, repository, directory);
        Files.writeString(directory.resolve("served/file.txt"), "from the web\n");
        String host = "127.0.0.1:" + web.getAddress().getPort();
        Path context = Jbuild.context(directory.resolve("context"), """
                FROM scratch
                ADD http://%1$s/project.git /project
                ADD http://%1$s/file.txt /
                """.formatted(host));
        Path out = directory.resolve("outputs");
        List<String> options = List.of(
                "-o",
                out.toString(),
                "--secret",
                "id=GIT_AUTH_TOKEN",
                "--secret",
                "id=HTTP_AUTH_TOKEN_" + host + ",env=WEB");
        options = new ArrayList<>(options);
        options.addAll(List.of("--provenance=mode=max", "--metadata-file=" + out.resolve("metadata.json")));
        Jbuild with = jbuild.with("GIT_AUTH_TOKEN", GIT).with("WEB", WEB);
        Outcome built = with.tryBuild(context, options);
        assertThat(built.code()).as(built.err()).isZero();
        assertThat(out.resolve("project/hello")).hasContent("hello\n");
        assertThat(out.resolve("file.txt")).hasContent("from the web\n");
        Files.writeString(out.resolve("plain.log"), built.err() + built.out());
        assertThat(leftOver(jbuild.store(), out, temporary)).isEmpty();
        // Without them, the servers say no.
        Outcome refused = jbuild.tryBuild(context, List.of("-o", out.toString(), "--no-cache"));
        assertThat(refused.code()).isEqualTo(4);
    }

    @Test
    void whatIsRequiredIsAskedForBeforeAnythingRuns() throws Exception {
        Path context = Jbuild.context(directory.resolve("context"), """
                FROM alpine:3
                RUN echo first
                RUN --mount=type=secret,id=tokne,required true
                """);
        List<String> options = new ArrayList<>(TestImages.contexts("alpine:3"));
        options.addAll(List.of("-o", "type=cacheonly", "--secret", "id=token,env=SECRET_VARIABLE"));
        Outcome missing = jbuild.tryBuild(context, options);
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.err())
                .contains("ERROR: the secret \"tokne\" is required and was not given\nDockerfile:3:1")
                .contains("Hint: did you mean `token`?")
                .doesNotContain("RUN echo first\n#");
        Jbuild.context(context, "FROM alpine:3\nRUN --mount=type=ssh,required true\n");
        assertThat(jbuild.tryBuild(context, options).err())
                .contains("ERROR: the ssh agent \"default\" is required and was not given\nDockerfile:2:1")
                .contains("Hint: give it with --ssh default, or a key with --ssh default=KEYFILE");
    }
}
