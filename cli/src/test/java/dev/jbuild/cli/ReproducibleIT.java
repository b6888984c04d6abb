package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.fake.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Everything that has nothing to do with what is built is different, and the images are the same.
@Timeout(300)
class ReproducibleIT {
    /// What a build has to do with times, owners, orders and links.
    private static final String EVERYTHING = """
            FROM busybox AS build
            COPY . /all
            COPY --chown=12:34 --chmod=751 a b /owned/deep/
            RUN mkdir /many && for i in $(seq 50); do echo $i > /many/$((i * 37 % 101)); done \\
                && ln /many/37 /many/linked && ln -s nowhere /many/broken && mkfifo /many/pipe && chmod 4711 /many/74
            RUN --mount=type=cache,target=/cache touch /cache/now && umask > /umask && date +%Z > /zone && id -u > /id

            FROM busybox
            COPY --from=build --link /all /all
            COPY --from=build /many /owned /umask /zone /id /x/
            ADD packed.tar /unpacked/
            RUN rm -r /x/linked /home && touch -d '2001-02-03 04:05' /old && touch /new
            WORKDIR /made/by/workdir
            LABEL a=b
            """;

    /// What is there to be parsed alone: it runs, copies or starts from what is nowhere.
    private static final String NOT_FOR_BUILDING = """
            add comments continuations copy copy-doubtful copy-from-forms crlf \
            directive-after-blank-line-is-a-comment directive-after-comment-is-a-comment directives \
            empty-continuation env escape-backtick hello-world-like-readme heredoc-word-forms metadata \
            not-a-heredoc only-the-escape-character-on-a-line run-flags run-forms run-heredoc \
            run-heredoc-with-shebang run-mount-quoting run-mount-switches run-mounts shebang \
            unknown-directive-ends-directives
            """;

    /// In a directory of cases: builds each, and tells its exit code and the digest of its manifest.
    private static final String BUILD_ALL = """
            cd "$1" && umask "$2"
            for case in *; do
              code=0
              digest=$("$3" build --quiet -o type=image,prefer-image-digest=true $4 "$case" 2> "../$case.err") \\
                || code=$?
              echo "$case $code $digest"
            done
            """;

    @TempDir
    static Path shared;

    private Path cases() throws Exception {
        Path cases = Files.createDirectory(shared.resolve("cases"));
        Path ok = Path.of(System.getProperty("jbuild.testdata"), "dockerfiles/ok");
        // With a base that has a shell, most of what is there to be parsed can be built.
        Shell.run("""
                cp -r "$1"/* "$2"
                rm "$2"/*/ast.txt
                (cd "$2" && rm -r $3)
                sed -i 's/^\\( *FROM\\) scratch/\\1 busybox/I' "$2"/*/Dockerfile
                mkdir "$2/everything"
                for case in "$2"/*; do
                  for file in a b c other go.mod go.sum main.go; do echo "$file" > "$case/$file"; done
                  mkdir "$case/src" && echo x > "$case/src/x" && ln -s ../a "$case/src/link" && chmod 700 "$case/b"
                done
                tar -c --owner=7 --group=8 --mtime=@1500000000 -C "$2/everything" -f "$2/everything/packed.tar" src a
                """, ok, cases, NOT_FOR_BUILDING.strip());
        Files.writeString(cases.resolve("everything/Dockerfile"), EVERYTHING);
        return cases;
    }

    @Test
    void whoBuildsWhereAndWhenMakesNoDifference() throws Exception {
        try (Jbuild jbuild = Jbuild.in(shared);
                FreshUser user = FreshUser.make("jbuild-other", "3000000")) {
            Path cases = cases();
            Path busybox = shared.resolve("busybox");
            Shell.run("cp -r \"$1\" \"$2\"", TestImages.layout("busybox"), busybox);
            user.give(jbuild.home(), "jbuild");
            Path image = user.give(TestImages.layout("busybox"), "busybox");
            // The last file first, at another time.
            Path others = user.home().resolve("elsewhere/with a blank/cases");
            Shell.run("""
                    mkdir -p "$2" && cd "$1"
                    find . -mindepth 1 -depth | LC_ALL=C sort -r | tar -c --no-recursion -T - | tar -x -p -C "$2"
                    find "$2" -exec touch -h -d '2001-02-03 04:05:06.789' {} +
                    chown -R -h "$3:" "${2%/elsewhere/*}/elsewhere"
                    """, cases, others, user.name());

            var mine = CompletableFuture.supplyAsync(() -> results(Shell.run(
                    "export LC_ALL=C.UTF-8 TZ=America/New_York JBUILD_ROOT=\"$5\"; " + BUILD_ALL,
                    cases,
                    "022",
                    jbuild.launcher(),
                    contexts(busybox),
                    jbuild.store())));
            Installation.Outcome theirs = user.run(
                    new TreeMap<>(Map.of(
                            "LC_ALL",
                            "POSIX",
                            "TZ",
                            "Asia/Kathmandu",
                            "JBUILD_ROOT",
                            user.home() + "/a store",
                            "JBUILD_JAVA_HOME",
                            System.getProperty("java.home"))),
                    List.of(
                            "sh",
                            "-euc",
                            BUILD_ALL,
                            "sh",
                            others.toString(),
                            "077",
                            user.home().resolve("jbuild/bin/jbuild").toString(),
                            contexts(image)));

            assertThat(theirs.code()).as(theirs.err()).isZero();
            assertThat(results(theirs.out())).isEqualTo(mine.get());
            assertThat(mine.get()).hasSizeGreaterThan(20).containsKey("everything");
            assertThat(mine.get().values()).allMatch(result -> result.startsWith("0 sha256:"));
        }
    }

    private static String contexts(Path busybox) {
        StringBuilder options = new StringBuilder();
        for (String name : List.of("busybox", "alpine:3", "alpine:3.20", "golang:1.21-alpine", "base", "tools")) {
            options.append(" --build-context ")
                    .append(name)
                    .append("=oci-layout://")
                    .append(busybox);
        }
        return options.toString();
    }

    private static SortedMap<String, String> results(String lines) {
        SortedMap<String, String> results = new TreeMap<>();
        lines.lines().forEach(line -> {
            String[] words = line.split(" ", 2);
            results.put(words[0], words[1]);
        });
        return results;
    }
}
