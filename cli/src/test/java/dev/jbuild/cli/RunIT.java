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

/// RUN where it is the same on all rungs: what is asked for and granted, keys, caches, layers and logs. For the rungs,
/// see [RungsIT].
@Timeout(60)
class RunIT {
    @TempDir
    static Path directory;

    private static Jbuild jbuild;

    @BeforeAll
    static void makeStore() throws Exception {
        jbuild = Jbuild.in(directory);
    }

    @AfterAll
    static void removeStore() {
        if (jbuild != null) {
            jbuild.close();
        }
    }

    /// Without an output, unless the options name one.
    private static Outcome build(String dockerfile, String... options) throws Exception {
        Path context = Jbuild.context(directory.resolve("context"), dockerfile);
        Files.writeString(context.resolve("file"), "content\n");
        List<String> arguments = new ArrayList<>(TestImages.contexts("busybox"));
        arguments.addAll(List.of(options));
        if (arguments.stream().noneMatch(option -> option.startsWith("--output"))) {
            arguments.add("--output=type=cacheonly");
        }
        return jbuild.tryBuild(context, arguments);
    }

    private static List<String> said(Outcome outcome) {
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return PlainLog.of(outcome.err()).steps().stream()
                .filter(step -> step.instruction().startsWith("RUN"))
                .flatMap(step -> step.lines().stream())
                .toList();
    }

    /// What a step can notice is part of its key, what it cannot notice is not, and neither is who it may ask.
    @Test
    void onlyWhatCanBeNoticedRunsAStepAgain() throws Exception {
        String dockerfile =
                "FROM busybox\nRUN ulimit -Sn; grep -c 'db$' /etc/hosts; df -k /dev/shm | awk '/shm/ {print $2}'\n";
        List<String> first = List.of("--ulimit=nofile=100:200", "--add-host=db:10.0.0.1", "--shm-size=1m");
        assertThat(said(build(dockerfile, first.toArray(String[]::new)))).containsExactly("100", "1", "1024");
        Outcome same = build(
                dockerfile,
                "--ulimit=nofile=100:200",
                "--add-host=db:10.0.0.2",
                "--shm-size=1m",
                "--resource=memory=64m",
                "--build-arg=http_proxy=http://other");
        assertThat(same.code()).as(same.err()).isZero();
        assertThat(PlainLog.of(same.err()).ran()).isEmpty();
        for (List<String> other : List.of(
                List.of("--ulimit=nofile=101:200", "--add-host=db:10.0.0.1", "--shm-size=1m"),
                List.of("--ulimit=nofile=100:200", "--add-host=otherdb:10.0.0.1", "--shm-size=1m"),
                List.of("--ulimit=nofile=100:200", "--add-host=db:10.0.0.1", "--shm-size=2m"))) {
            assertThat(said(build(dockerfile, other.toArray(String[]::new))))
                    .as("%s", other)
                    .hasSize(3);
        }
    }

    @Test
    void nameServersMayBeOthersThanTheMachines() throws Exception {
        Path config = Files.writeString(
                directory.resolve("buildkitd.toml"),
                "[dns]\nnameservers = ['192.0.2.1']\nsearchDomains = ['a.example']\noptions = ['ndots:2']\n");
        String dockerfile = "FROM busybox\nRUN head -n 3 /etc/resolv.conf; grep -c nameserver /etc/resolv.conf\n";
        assertThat(said(build(dockerfile, "--config=" + config)))
                .containsExactly("nameserver 192.0.2.1", "search a.example", "options ndots:2", "1");
        assertThat(PlainLog.of(build(dockerfile).err()).ran()).isEmpty();

        Files.writeString(config, "[dns]\nnameservers = ['ns.example']\n");
        Outcome wrong = build(dockerfile, "--config=" + config);
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("ERROR: " + config + ": [dns]: nameservers: \"ns.example\" is not an address");
    }

    @Test
    void noLayerHasATraceOfMounts() throws Exception {
        said(build("""
                FROM busybox
                WORKDIR /made
                RUN touch -d @1000000000 / /made /etc
                RUN --mount=type=bind,target=rw,rw --mount=type=bind,source=file,target=/made/file \\
                    --mount=type=tmpfs,target=/made/deep/tmp,size=64k --mount=type=tmpfs,target=/made/deep \\
                    --mount=type=cache,target=/made/cache,mode=0750 echo new > rw/file && echo two > cache/one
                RUN --mount=type=cache,target=/made/cache,ro cat cache/one
                """, "--output=type=oci,dest=../out.tar"));
        // The layers of the two have nothing at all.
        assertThat(Shell.run("""
                        cd "$1" && rm -rf oci && mkdir oci && tar -xf out.tar -C oci
                        for blob in oci/blobs/sha256/*; do
                            gzip -t "$blob" 2>/dev/null && tar -tzf "$blob" || :
                        done | grep -Ev '^\\./' | sort | uniq -c
                        """, directory).lines().map(String::strip)).containsExactly("1 etc/", "2 made/");
    }

    @Test
    void whatIsDangerousIsAskedForAndGranted() throws Exception {
        for (String[] row : new String[][] {
            {"--network=host", "network.host", "--allow=network.host"},
            {"--network=host", "network.host", "--network=host"},
            {"--security=insecure", "security.insecure", "--allow=security.insecure"}
        }) {
            String dockerfile = "FROM busybox\nRUN " + row[0] + " echo granted\n";
            Outcome refused = build(dockerfile);
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("RUN " + row[0] + " is not allowed: " + row[1] + " was not granted")
                    .contains("--allow " + row[1]);
            assertThat(said(build(dockerfile, "--no-cache", row[2]))).containsExactly("granted");
        }
    }

    @Test
    void whatIsNotUnderstood() throws Exception {
        for (List<String> row : List.of(
                List.of(
                        "--allow=network.hosts",
                        "expected network.host or security.insecure or buildx.local.delete; did you mean"),
                List.of("--allow=device", "RUN --device is not supported"),
                List.of("--ulimit=nofil=1", "no limit is called nofil"),
                List.of("--ulimit=nofile=3:2", "the soft limit must not be higher than the hard limit"),
                List.of("--shm-size=big", "\"big\" is not a size"),
                List.of("--resource=memory=1k", "memory: at least 6m"),
                List.of("--resource=memory-swap=1g", "it needs memory"),
                List.of("--resource=cpus=1", "expected NAME=VALUE with one of memory"),
                List.of("--resource=cpuset-cpus=a", "as in 0-2,7"),
                List.of("--add-host=a:b", "\"b\" is neither an IP address nor host-gateway"))) {
            Outcome outcome = build("FROM busybox\n", row.getFirst());
            assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
            assertThat(outcome.err()).contains(row.getFirst().split("=")[0]).contains(row.getLast());
        }
    }

    @Test
    void usersThatAreNotThere() throws Exception {
        for (List<String> row : List.of(
                List.of("nobody-here", "unable to find user nobody-here: no matching entries in /etc/passwd"),
                List.of("0:no-group", "unable to find group no-group: no matching entries in /etc/group"))) {
            Outcome outcome = build("FROM busybox\nUSER " + row.getFirst() + "\nRUN true\n");
            assertThat(outcome.code()).isEqualTo(1);
            assertThat(outcome.err()).contains(row.getLast()).contains(">>> RUN true");
        }
    }

    @Test
    void cacheMountsAreSharedAsTheySay() throws Exception {
        String step = "mkdir /c/held && sleep 0.3 && rmdir /c/held && echo alone";
        // Two that exclude each other, and two that each get a directory of their own, at the same time.
        Outcome outcome = build("""
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
                    dockerfile,
                    "--build-arg=BUILDKIT_CACHE_MOUNT_NS=" + row[0],
                    "--build-arg=N=" + row[1],
                    "--output=type=cacheonly");
            assertThat(String.join(",", said(outcome))).isEqualTo(row[2]);
        }
    }

    @Test
    void aFailureNamesTheFullLog() throws Exception {
        Outcome outcome = build("FROM busybox\nRUN seq 1 100; exit 3\n");
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
