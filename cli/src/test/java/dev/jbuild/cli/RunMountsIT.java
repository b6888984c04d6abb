package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a RUN finds: its mounts, its files, its environment; and that none of it is left in the image.
@Timeout(60)
class RunMountsIT {
    @TempDir
    static Path directory;

    private static Jbuild jbuild;

    @BeforeAll
    static void makeStore() throws Exception {
        jbuild = Jbuild.in(directory);
    }

    @AfterAll
    static void removeStore() {
        jbuild.close();
    }

    private static Outcome build(Rung rung, String instructions, String... options) throws Exception {
        String dockerfile = instructions.replace("FROM busybox AS run", "FROM busybox AS run\nENV RUNG=" + rung);
        Path context = Jbuild.context(directory.resolve("context"), dockerfile);
        Files.writeString(context.resolve("file"), "content\n");
        List<String> arguments = new ArrayList<>(TestImages.contexts("busybox"));
        arguments.addAll(List.of(options));
        return rung.build(jbuild, context, arguments);
    }

    private static List<String> said(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return PlainLog.of(outcome.err()).steps().stream()
                .filter(step -> step.instruction().startsWith("RUN"))
                .flatMap(step -> step.lines().stream())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void mountsOfEveryKindLeaveNothing(Rung rung) throws Exception {
        Outcome outcome = build(rung, """
                FROM busybox AS seed
                RUN mkdir /seed && echo seeded > /seed/one
                FROM busybox AS run
                WORKDIR /made
                RUN touch -d @1000000000 / /made /etc
                RUN --mount=type=bind,target=rw,rw --mount=type=bind,source=file,target=/made/file \\
                    --mount=type=tmpfs,target=/made/deep/tmp,size=64k \\
                    --mount=type=tmpfs,target=/made/deep \\
                    --mount=type=cache,id=$RUNG,from=seed,source=/seed,target=/made/cache,mode=0750,uid=5,gid=6 \\
                    echo new > rw/file && cat rw/file file && ! echo no 2>/dev/null > file && \\
                    (dd if=/dev/zero of=deep/tmp/big bs=1k count=100 2>/dev/null || wc -c < deep/tmp/big) && \\
                    stat -c '%a %u:%g' cache && cat cache/one && echo two > cache/one
                RUN --mount=type=cache,id=$RUNG,target=/again,ro cat /again/one && ! touch /again/x 2>/dev/null && \\
                    ls /made
                RUN stat -c '%Y %n' /made /etc
                """, "--output=type=oci,dest=../out.tar");
        assertThat(said(outcome))
                .containsExactly(
                        "new", "content", "65536", "750 5:6", "seeded", "two", "1000000000 /made", "1000000000 /etc");
        // The layers of the two have nothing at all.
        assertThat(Shell.run("""
                        cd "$1" && rm -rf oci && mkdir oci && tar -xf out.tar -C oci
                        for blob in oci/blobs/sha256/*; do
                            gzip -t "$blob" 2>/dev/null && tar -tzf "$blob" || :
                        done | grep -Ev '^\\./' | sort | uniq -c
                        """, directory).lines().map(String::strip)).containsExactly("1 etc/", "2 made/");
    }

    @ParameterizedTest
    @EnumSource
    void whatAProcessFinds(Rung rung) throws Exception {
        String dockerfile = """
                FROM busybox AS run
                COPY <<EOF /etc/resolv.conf
                of the image
                EOF
                RUN echo 'who:x:1000:1001::/home/who:/bin/sh' >> /etc/passwd && \\
                    echo 'more:x:44:who' >> /etc/group && ! grep -q image /etc/resolv.conf && \\
                    ! echo x 2>/dev/null > /etc/resolv.conf && ! echo x 2>/dev/null > /etc/hosts
                USER who
                WORKDIR /not/there/yet
                RUN echo "$HOME|$TERM|$http_proxy|$(pwd)|$(id -u):$(id -g):$(id -G)|$(cat | wc -c)|$(hostname)"
                USER 12345
                RUN id -u && id -g && echo $HOME
                USER who:44
                RUN id -G
                """;
        String proxy = "http://user:password@proxy:1";
        Outcome first =
                build(rung, dockerfile, "--build-arg=http_proxy=" + proxy, "--output=type=tar,dest=../root.tar");
        assertThat(said(first))
                .containsExactly(
                        "/home/who||" + proxy + "|/not/there/yet|1000:1001:1001 44|0|"
                                + (rung == Rung.CHROOT ? hostname() : "buildkitsandbox"),
                        "12345",
                        "0",
                        "/",
                        "44");
        assertThat(Shell.run("tar -xOf \"$1\" etc/resolv.conf", directory.resolve("root.tar")))
                .isEqualTo("of the image\n");
        Outcome second =
                build(rung, dockerfile, "--build-arg=http_proxy=http://other", "-q", "--output=type=cacheonly");
        assertThat(second.code()).isZero();
        Outcome third = build(rung, dockerfile, "--output=type=cacheonly");
        assertThat(PlainLog.of(third.err()).ran()).isEmpty();
    }

    private static String hostname() {
        return Shell.run("hostname").strip();
    }

    @Test
    void usersThatAreNotThere() throws Exception {
        for (List<String> row : List.of(
                List.of("nobody-here", "unable to find user nobody-here: no matching entries in /etc/passwd"),
                List.of("0:no-group", "unable to find group no-group: no matching entries in /etc/group"))) {
            Outcome outcome = build(Rung.CRUN, "FROM busybox\nUSER " + row.getFirst() + "\nRUN true\n");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err()).contains(row.getLast()).contains(">>> RUN true");
        }
    }

    @Test
    void cacheMountsAreSharedAsTheySay() throws Exception {
        String step = "mkdir /c/held && sleep 0.3 && rmdir /c/held && echo alone";
        // Two that exclude each other, and two that each get a directory of their own, at the same time.
        Outcome outcome = build(Rung.CRUN, """
                FROM busybox AS a
                RUN --mount=type=cache,id=locked,target=/c,sharing=locked STEP; echo > /a
                RUN --mount=type=cache,id=private,target=/c,sharing=private STEP
                FROM busybox AS b
                RUN --mount=type=cache,id=locked,target=/c,sharing=locked STEP; echo > /b
                RUN --mount=type=cache,id=private,target=/c,sharing=private STEP
                FROM busybox AS meeting
                RUN --mount=type=cache,id=meeting,target=/c touch /c/one; until [ -e /c/two ]; do sleep 0.05; done; echo > /1
                FROM busybox AS meeting2
                RUN --mount=type=cache,id=meeting,target=/c touch /c/two; until [ -e /c/one ]; do sleep 0.05; done; echo > /2
                FROM scratch
                COPY --from=a /a /
                COPY --from=b /b /
                COPY --from=meeting /1 /
                COPY --from=meeting2 /2 /
                """.replace("STEP", step), "--output=type=cacheonly");
        assertThat(said(outcome)).hasSize(4).containsOnly("alone");
    }

    @Test
    void aCacheNamespaceKeepsCachesApart() throws Exception {
        String dockerfile =
                "FROM busybox\nARG N\nRUN --mount=type=cache,target=/ns echo $N >> /ns/log && cat /ns/log\n";
        String[][] rows = {{"x", "1", "1"}, {"y", "2", "2"}, {"x", "3", "1,3"}};
        for (String[] row : rows) {
            Outcome outcome = build(
                    Rung.CRUN,
                    dockerfile,
                    "--build-arg=BUILDKIT_CACHE_MOUNT_NS=" + row[0],
                    "--build-arg=N=" + row[1],
                    "--output=type=cacheonly");
            assertThat(String.join(",", said(outcome))).isEqualTo(row[2]);
        }
    }

    @Test
    void aFailureNamesTheFullLog() throws Exception {
        Outcome outcome = build(Rung.CRUN, "FROM busybox\nRUN seq 1 100; exit 3\n");
        assertThat(outcome.code()).isEqualTo(1);
        String told = outcome.err()
                .lines()
                .filter(line -> line.startsWith("Full log: "))
                .findFirst()
                .orElseThrow();
        Path log = Path.of(told.substring("Full log: ".length()));
        assertThat(log).hasParent(jbuild.store().resolve("logs"));
        try (Stream<String> lines = Files.lines(log)) {
            assertThat(lines.filter(line -> line.matches("#\\d+ [0-9.]+ \\d+"))).hasSize(100);
        }
        assertThat(log).content().contains("ERROR: process \"/bin/sh -c seq 1 100; exit 3\"");
    }
}
