package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    /// Builds each line of `$5`, which is a name, a folder below `$1` and options; tells name, exit code,
    /// and digest of the manifest.
    private static final String BUILD_ALL = """
            cd "$1" && umask "$2"
            echo "$5" | while read -r name folder arguments; do
              code=0
              digest=$(cd "$folder" && "$3" build --quiet -o type=image,prefer-image-digest=true $4 $arguments . \\
                < /dev/null 2> "$1/../$name.err") || { code=$?; cat "$1/../$name.err" >&2; }
              echo "$name $code $digest"
            done
            """;

    /// The builds of `testdata/cases/README.md`, less two that are nothing but the Go compiler's time: `lint`,
    /// whose image is a cache of compiled packages, and programs for three platforms, for which `platforms`
    /// makes an index.
    private static final String PROJECTS = """
            hello-multi hello -f multi.Dockerfile
            href-counter href-counter
            href-counter-named href-counter -f named.Dockerfile
            server buildme --target=server
            client buildme --target=client
            version buildme --target=server --build-arg APP_VERSION=v1.2.3
            binaries buildme --target=binaries
            platforms buildme --target=deps --platform=linux/amd64,linux/arm64,linux/arm/v7
            hello-single hello -f single.Dockerfile -o type=oci,tar=false,dest=../../hello-single
            node-api node-api -f apps/api/Dockerfile -o type=oci,tar=false,dest=../../node-api
            unit-test buildme --target=unit-test -o type=oci,tar=false,dest=../../unit-test
            """;

    /// Which files of a project's image hold what another build cannot repeat: the time of the day, and how
    /// long something took. All others are the same there too.
    private static final Map<String, String> UNDETERMINED = Map.of(
            // Go's cache of compiled packages notes when each was made.
            "hello-single", "root/.cache/go-build/.*",
            // npm's logs are named after the time, and tell of it.
            "node-api", "root/.npm/_logs/.*",
            // "ok example.com/buildme/internal/greeting 0.003s"
            "unit-test", "unit.txt");

    @TempDir
    static Path shared;

    private static Jbuild jbuild;
    private static FreshUser user;

    @BeforeAll
    static void prepare() throws Exception {
        jbuild = Jbuild.in(shared);
        user = FreshUser.make("jbuild-other", "3000000");
        user.give(jbuild.home(), "jbuild");
    }

    @AfterAll
    static void close() {
        if (user != null) {
            user.close();
        }
        if (jbuild != null) {
            jbuild.close();
        }
    }

    private static Path forms() throws Exception {
        Path cases = Files.createDirectories(shared.resolve("forms/cases"));
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
    void everyFormOfInstructionGivesTheSameImageToEveryone() throws Exception {
        Path forms = forms();
        StringBuilder builds = new StringBuilder();
        try (Stream<Path> folders = Files.list(forms)) {
            folders.map(Path::getFileName).forEach(name -> builds.append(name + " " + name + "\n"));
        }
        Both both = build(
                "forms",
                forms,
                builds.toString(),
                Map.of(
                        "busybox", "busybox",
                        "alpine:3", "busybox",
                        "alpine:3.20", "busybox",
                        "golang:1.21-alpine", "busybox",
                        "base", "busybox",
                        "tools", "busybox"));
        assertThat(both.theirs()).isEqualTo(both.mine());
        assertThat(both.mine()).hasSizeGreaterThan(20).containsKey("everything");
        assertThat(both.mine().values()).allMatch(result -> result.startsWith("0 sha256:"));
    }

    @Test
    void everyProjectGivesTheSameImageToEveryone() throws Exception {
        Path cases = Files.createDirectories(shared.resolve("projects/cases"));
        Shell.run("cp -r \"$1\"/* \"$2\"", Path.of(System.getProperty("jbuild.testdata"), "cases"), cases);
        Both both = build(
                "projects",
                cases,
                PROJECTS,
                Map.of(
                        "golang:1.21-alpine", "golang:1.21-alpine",
                        "alpine:3", "alpine:3",
                        "alpine:latest", "alpine:latest",
                        "node:20-slim", "node:20-slim"));
        assertThat(both.mine()).hasSameSizeAs(PROJECTS.lines().toList());
        assertThat(both.mine().values()).allMatch(result -> result.startsWith("0 sha256:"));
        SortedMap<String, String> determined = new TreeMap<>(both.mine());
        determined.keySet().removeAll(UNDETERMINED.keySet());
        assertThat(both.theirs()).containsAllEntriesOf(determined);
        UNDETERMINED.forEach((name, files) -> assertThat(differences(
                        shared.resolve("projects").resolve(name),
                        both.elsewhere().resolveSibling(name)))
                .as(name)
                .allMatch(file -> file.matches(files)));
    }

    @ParameterizedTest(name = "SOURCE_DATE_EPOCH={0} jbuild build {1}")
    @CsvSource({
        "'',         '',                                                                      1970-01-01T00:00:00Z",
        "1700000000, '',                                                                      2023-11-14T22:13:20Z",
        "1700000000, --build-arg=SOURCE_DATE_EPOCH=1600000000,                                2020-09-13T12:26:40Z",
        "1700000000, --build-arg=SOURCE_DATE_EPOCH=1600000000 --source-date-epoch=1500000000, 2017-07-14T02:40:00Z",
        "1700000000, '--output=type=image,source-date-epoch=1400000000',                      2014-05-13T16:53:20Z",
    })
    void anImageIsDatedToWhatWasSaidNextToIt(String variable, String options, String created) throws Exception {
        assertThat(created(variable.isEmpty() ? jbuild : jbuild.with("SOURCE_DATE_EPOCH", variable), options))
                .isEqualTo(created);
    }

    @Test
    void anImageTellsWhenItWasBuiltIfThatIsAskedForAndTheCacheIsUsedAllTheSame() throws Exception {
        created(jbuild, "");
        Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String created = created(jbuild.with("SOURCE_DATE_EPOCH", "1700000000"), "--source-date-epoch=now");
        assertThat(Instant.parse(created)).isBetween(before, Instant.now());
        assertThat(shared.resolve("timed/log")).content().contains(" CACHED\n");
    }

    /// What an image says of when it was created.
    private static String created(Jbuild jbuild, String options) throws Exception {
        Path context = Jbuild.context(shared.resolve("timed"), "FROM busybox\nRUN echo made > /made\nLABEL a=b\n");
        List<String> arguments = new ArrayList<>(TestImages.contexts("busybox"));
        arguments.addAll(List.of("--tag=timed", "--file=Dockerfile"));
        Stream.of(options.split(" ")).filter(option -> !option.isEmpty()).forEach(arguments::add);
        Outcome built = jbuild.tryBuild(context, arguments);
        assertThat(built.code()).as(built.err()).isZero();
        Files.writeString(context.resolve("log"), built.err());
        return jbuild.run("inspect", "--format={{.Created}}", "timed").out().strip();
    }

    /// The files of two images' layers that are in one of them alone, or are something else in the other.
    private static List<String> differences(Path mine, Path theirs) {
        return Shell.run("""
                layers() { grep -l '"layers":' "$1"/blobs/sha256/* | tr '\\n' '\\0' | xargs -0 grep -a -o '"layers":.*' \\
                  | grep -o 'sha256:[0-9a-f]*' | cut -d : -f 2; }
                layers "$1" > "$1/mine"
                layers "$2" > "$1/theirs"
                test "$(wc -l < "$1/mine")" = "$(wc -l < "$1/theirs")"
                paste -d ' ' "$1/mine" "$1/theirs" | while read -r one other; do
                  if [ $one = $other ]; then continue; fi
                  mkdir "$1/a" "$1/b"
                  tar -x -z -f "$1/blobs/sha256/$one" -C "$1/a"
                  tar -x -z -f "$2/blobs/sha256/$other" -C "$1/b"
                  for tree in a b; do
                    (cd "$1/$tree" && find . ! -type d -printf '%P\\t%y %m %U:%G %T@ %l' \\( -type f -exec sha256sum {} \\; \\
                      -o -printf '\\n' \\) | sort > ../$tree.txt)
                  done
                  comm -3 "$1/a.txt" "$1/b.txt" | sed 's/^\\t//' | cut -f 1 | sort -u
                  rm -r "$1/a" "$1/b"
                done
                """, mine, theirs).lines().toList();
    }

    /// What two builders got, and where the second had its files.
    private record Both(SortedMap<String, String> mine, SortedMap<String, String> theirs, Path elsewhere) {}

    /// Builds everything twice at the same time: as root, and as somebody else on another day, in another place.
    ///
    /// @param images which test image a name in a Dockerfile means
    private static Both build(String name, Path cases, String builds, Map<String, String> images) throws Exception {
        Path elsewhere = user.home().resolve("elsewhere/with a blank/" + name + "/cases");
        // The last file first, at another time.
        Shell.run("""
                mkdir -p "$2" && cd "$1"
                find . -mindepth 1 -depth | LC_ALL=C sort -r | tar -c --no-recursion -T - | tar -x -p -C "$2"
                find "$2" -exec touch -h -d '2001-02-03 04:05:06.789' {} +
                chown -R -h "$3:" "${2%/with a blank/*}"
                """, cases, elsewhere, user.name());
        StringBuilder mineContexts = new StringBuilder();
        StringBuilder theirContexts = new StringBuilder();
        for (Map.Entry<String, String> image : images.entrySet()) {
            Path layout = TestImages.layout(image.getValue());
            Path copy = user.home().resolve("images-" + name).resolve(layout.getFileName());
            if (Files.notExists(copy)) {
                Files.createDirectories(copy.getParent());
                user.give(layout, user.home().relativize(copy).toString());
            }
            // The shell that builds splits at blanks, and where the test images are there may be one.
            Path link = shared.resolve("images").resolve(layout.getFileName());
            if (Files.notExists(link)) {
                Files.createDirectories(link.getParent());
                Files.createSymbolicLink(link, layout);
            }
            mineContexts
                    .append(" --build-context ")
                    .append(image.getKey())
                    .append("=oci-layout://")
                    .append(link);
            theirContexts
                    .append(" --build-context ")
                    .append(image.getKey())
                    .append("=oci-layout://")
                    .append(copy);
        }

        var mine = CompletableFuture.supplyAsync(() -> results(Shell.run(
                "export LC_ALL=C.UTF-8 TZ=America/New_York JBUILD_ROOT=\"$6\"; " + BUILD_ALL,
                cases,
                "022",
                jbuild.launcher(),
                mineContexts,
                builds.strip(),
                jbuild.store())));
        Outcome theirs = Installation.start(user.prepare(
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
                        elsewhere.toString(),
                        "077",
                        user.home().resolve("jbuild/bin/jbuild").toString(),
                        theirContexts.toString(),
                        builds.strip()),
                List.of("unshare", "--uts", "sh", "-euc", "hostname another-machine; exec \"$@\"", "sh")));
        assertThat(theirs.code()).as(theirs.err()).isZero();
        return new Both(mine.get(), results(theirs.out()), elsewhere);
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
