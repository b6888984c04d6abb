package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Builds by root in a container that may neither mount nor make namespaces.
@Timeout(300)
class UnprivilegedIT {
    private static final String DOCKERFILE = """
            FROM alpine:3 AS build
            WORKDIR /src
            COPY hello.txt .
            RUN --mount=type=cache,target=/root/.cache/made --mount=type=bind,target=/context,rw \\
                cat /context/hello.txt > out && echo x > /context/scratch && echo y >> /root/.cache/made/count \\
                && ln out linked && mkdir -p deep/er && mkfifo deep/pipe
            RUN --mount=type=cache,target=/root/.cache/made cat /root/.cache/made/count > /src/count \\
                && ls -a /root > /src/root
            RUN --mount=type=bind,from=alpine:3,source=/etc,target=/src/etc cat /src/etc/passwd > passwd && echo >> linked

            FROM alpine:3
            RUN rm -r /home /etc/os-release && rm -r /var/log && mkdir /var/log && echo again > /var/log/again \\
                && chmod 1777 /tmp && mv /etc/group /etc/groups && cp /etc/groups /etc/group
            RUN --mount=type=tmpfs,target=/scratch echo t > /scratch/t && test -c /dev/null && echo lost > /dev/null \\
                && head -c 3 /dev/zero | wc -c && grep -q localhost /etc/hosts && test -d /proc && ! touch /dev/full/x \\
                && echo me:x:1234:1234::/home/me:/bin/sh >> /etc/passwd && echo more:x:55:me >> /etc/group
            COPY --from=build --chown=1234:1234 /src /home/me/src
            RUN sleep 1000 & echo started
            USER me
            WORKDIR /home/me
            RUN id -u > /tmp/id && id -G >> /tmp/id && pwd >> /tmp/id && echo $HOME >> /tmp/id && chmod 700 src \\
                && ! chroot / true 2> /tmp/refused
            ENTRYPOINT ["cat", "id"]
            """;

    @TempDir
    static Path shared;

    private static Jbuild jbuild;
    private static Path context;
    private static BareContainer container;

    @BeforeAll
    static void prepare() throws Exception {
        jbuild = Jbuild.in(shared.resolve("outside"));
        Path writable = Files.createDirectories(shared.resolve("writable"));
        context = Jbuild.context(writable.resolve("context"), DOCKERFILE);
        Files.writeString(context.resolve("hello.txt"), "hello\n");
        container = BareContainer.in(
                shared.resolve("bundle"),
                writable,
                jbuild.home(),
                TestImages.folder(),
                Path.of(System.getProperty("java.home")).toRealPath());
    }

    @AfterAll
    static void remove() {
        if (jbuild != null) {
            jbuild.close();
            Shell.run("rm -rf \"$1\"", container.written());
        }
    }

    private static List<String> arguments(String archive, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--no-cache"));
        arguments.addAll(TestImages.contexts("alpine:3"));
        arguments.addAll(List.of("-o", "type=oci,dest=" + archive + ",rewrite-timestamp=true"));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static Outcome inside(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(jbuild.launcher().toString()));
        command.addAll(arguments);
        Map<String, String> environment = Map.of(
                "HOME", context.resolveSibling("home").toString(),
                "JBUILD_ROOT", container.overlay().resolve("store").toString(),
                "JBUILD_JAVA_HOME", System.getProperty("java.home"),
                "SOURCE_DATE_EPOCH", "1000000000");
        return container.run(environment, command);
    }

    private static Outcome build(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("build", "--progress=plain"));
        all.addAll(List.of(arguments));
        all.add(context.toString());
        return inside(all);
    }

    @Test
    void anImageHasTheBytesThatItHasEverywhere() throws Exception {
        jbuild.with("SOURCE_DATE_EPOCH", "1000000000").build(context, arguments(context + "/../mounted.tar"));
        Outcome outcome = build(arguments(context + "/../bare.tar").toArray(String[]::new));
        assertThat(outcome.code()).as(outcome.err()).isZero();

        Path mounted = context.resolveSibling("mounted.tar");
        for (String isolation : List.of("oci", "namespaces")) {
            // In another store, because what the cache mount holds is counted.
            try (Jbuild copying = Jbuild.in(Files.createDirectory(shared.resolve(isolation)))) {
                copying.with("SOURCE_DATE_EPOCH", "1000000000")
                        .with("JBUILD_SNAPSHOTTER", "copy")
                        .build(context, arguments(shared + "/copied.tar", "--isolation=" + isolation));
            }
            assertThat(shared.resolve("copied.tar")).as(isolation).hasSameBinaryContentAs(mounted);
        }
        assertThat(context.resolveSibling("bare.tar")).hasSameBinaryContentAs(mounted);
        assertThat(container.written().resolve("store/tmp")).isEmptyDirectory();
    }

    @Test
    void whatCannotBeDoneIsRefused() throws Exception {
        Outcome isolation = build(
                "--no-cache",
                "--isolation=namespaces",
                "--build-context",
                "alpine:3=oci-layout://" + TestImages.layout("alpine:3"));
        assertThat(isolation.code()).isEqualTo(ExitCode.BUILD_FAILED.code());
        assertThat(isolation.err()).contains("--isolation=namespaces cannot be had: this process may not mount");
    }

    @Test
    void secretsAreVariablesOnly() throws Exception {
        Path dockerfile = context.resolve("Secrets");
        Files.writeString(context.resolveSibling("token"), "a-token-of-12");
        List<String> arguments = new ArrayList<>(TestImages.contexts("alpine:3"));
        arguments.addAll(List.of("-o", "type=cacheonly", "-f", dockerfile.toString()));
        arguments.addAll(List.of("--secret", "id=token,src=" + context.resolveSibling("token")));
        Files.writeString(dockerfile, """
                FROM alpine:3
                RUN --mount=type=secret,id=token,env=TOKEN --mount=type=secret,id=absent --mount=type=ssh \
                    [ ${#TOKEN} = 13 ] && echo "it is $TOKEN" && [ ! -e /run/secrets ]
                """);
        Outcome variable = build(arguments.toArray(String[]::new));
        assertThat(variable.code()).as(variable.err()).isZero();
        assertThat(variable.err()).contains("it is ***");
        Files.writeString(dockerfile, "FROM alpine:3\nRUN --mount=type=secret,id=token true\n");
        Outcome file = build(arguments.toArray(String[]::new));
        assertThat(file.code()).isEqualTo(ExitCode.BUILD_FAILED.code());
        assertThat(file.err()).contains("secrets and ssh agents need a file system in memory");
        assertThat(Shell.run("grep -rlF a-token-of-12 \"$1\" || :", container.written()))
                .isEmpty();
    }

    @Test
    void doctorSaysWhatItComesTo() throws Exception {
        Outcome outcome = inside(List.of("doctor"));
        assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.out())
                .containsPattern("snapshots +limited +copies")
                .containsPattern("isolation +limited +auto is chroot, without mounts");
    }
}
