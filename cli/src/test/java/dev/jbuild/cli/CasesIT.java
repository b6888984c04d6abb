package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The rows of `testdata/cases/README.md`, each on a copy of the case's folder. One store for all: no test depends on
/// another, but what one has built the next may find.
@Timeout(300)
class CasesIT {
    @TempDir
    static Path shared;

    private static Jbuild jbuild;
    private static List<String> images;

    @TempDir
    Path directory;

    private Path hello;
    private Path buildme;
    private Path hrefCounter;
    private Path nodeApi;

    @BeforeAll
    static void open() throws Exception {
        jbuild = Jbuild.in(shared);
        images = TestImages.contexts(
                "golang:1.21-alpine", "golangci/golangci-lint:v1.52", "alpine:3", "alpine:latest", "node:20-slim");
    }

    @AfterAll
    static void close() {
        jbuild.close();
    }

    @BeforeEach
    void copyCases() {
        Path cases = Path.of(System.getProperty("jbuild.testdata"), "cases");
        Shell.run("cp -r \"$1\" \"$2\"", cases, directory.resolve("cases"));
        hello = directory.resolve("cases/hello");
        buildme = directory.resolve("cases/buildme");
        hrefCounter = directory.resolve("cases/href-counter");
        nodeApi = directory.resolve("cases/node-api");
    }

    private static PlainLog build(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(images);
        all.addAll(List.of(arguments));
        return jbuild.build(folder, all);
    }

    @Test
    void helloInTwoStagesLeavesTheCompilerBehind() throws Exception {
        build(
                hello,
                "-f",
                "single.Dockerfile",
                "-t",
                "hello:single",
                "-o",
                "type=oci,dest=single.tar,name=hello:single");
        PlainLog multi = build(hello, "-f", "multi.Dockerfile", "-t", "hello:multi", "-o", "type=oci,dest=multi.tar");

        assertThat(multi.cached())
                .as("the steps that both Dockerfiles have")
                .contains("compile: WORKDIR /code", "compile: COPY go.mod .", "compile: RUN go mod download");
        assertThat(Files.size(hello.resolve("single.tar"))).isGreaterThan(20 * Files.size(hello.resolve("multi.tar")));

        build(hello, "-f", "multi.Dockerfile", "-t", "hello:multi");
        build(hello, "-f", "single.Dockerfile", "-t", "hello:single");
        assertThat(jbuild.run("images").out()).containsPattern("hello +multi").containsPattern("hello +single");
        assertThat(jbuild.run("history", "hello:multi").out())
                .contains("COPY hello /bin/hello")
                .contains("ENTRYPOINT [\"/bin/hello\"]");

        build(hello, "-f", "multi.Dockerfile", "-o", "type=tar,dest=out.tar");
        assertThat(Shell.run("cd \"$1\" && tar -xf out.tar bin/hello && bin/hello", hello))
                .isEqualTo("Hello World\n");
    }

    @Test
    void onlyTheStagesOfTheTargetHaveToDoWithABuild() throws Exception {
        PlainLog server = build(buildme, "--target=server", "-t", "buildme-server");
        assertThat(server.stages()).containsExactly("base", "build-server", "deps", "server");
        PlainLog client = build(buildme, "--target=client");
        assertThat(client.stages()).doesNotContain("build-server", "server", "lint", "run-tests");
    }

    @Test
    void stagesThatDoNotNeedEachOtherRunAtTheSameTime() throws Exception {
        List<String> arguments = new ArrayList<>(List.of("build", "--progress=rawjson", "--target=binaries"));
        arguments.addAll(List.of("--no-cache-filter=build-client", "--no-cache-filter=build-server", "-o", "bin"));
        arguments.addAll(images);
        arguments.add(".");
        Outcome outcome = jbuild.run(buildme, arguments);
        assertThat(outcome.code()).as(outcome.err()).isZero();

        Times client = times(outcome.err(), "[build-client ");
        Times server = times(outcome.err(), "[build-server ");
        assertThat(client.started()).isBefore(server.completed());
        assertThat(server.started()).isBefore(client.completed());
        assertThat(buildme.resolve("bin/client")).isExecutable();
        assertThat(buildme.resolve("bin/server")).isExecutable();
    }

    private record Times(Instant started, Instant completed) {}

    private static Times times(String log, String step) throws IOException {
        JsonMapper json = new JsonMapper();
        Map<String, Instant> found = new HashMap<>();
        for (String line : log.lines().toList()) {
            for (JsonNode vertex : json.readTree(line).path("vertexes")) {
                if (vertex.path("name").asText().startsWith(step) && vertex.has("completed")) {
                    assertThat(vertex.path("cached").asBoolean()).isFalse();
                    found.put("started", Instant.parse(vertex.path("started").asText()));
                    found.put(
                            "completed", Instant.parse(vertex.path("completed").asText()));
                }
            }
        }
        assertThat(found).as(step).containsKeys("started", "completed");
        return new Times(found.getOrDefault("started", Instant.MAX), found.getOrDefault("completed", Instant.MIN));
    }

    @Test
    void anArgumentReachesTheStageThatDeclaresItAndNoOther() throws Exception {
        build(buildme, "--target=server", "-o", "out");
        PlainLog log = build(buildme, "--build-arg", "APP_VERSION=v1.2.3", "--target=server", "-o", "out");

        assertThat(log.stages()).containsExactly("base", "build-server", "deps", "server");
        assertThat(log.ran()).allMatch(step -> step.startsWith("build-server: ") || step.startsWith("server: "));
        assertThat(Shell.run("stat -c %a \"$1\"", buildme.resolve("out/bin/server")))
                .isEqualTo("755\n");
        assertThat(Shell.run("\"$1\"/out/bin/server -version", buildme)).isEqualTo("Version: v1.2.3\n");
    }

    @Test
    void severalPlatformsShareWhatNoPlatformReaches() throws Exception {
        PlainLog log =
                build(buildme, "-o", "bin", "--target=binaries", "--platform=linux/amd64,linux/arm64,linux/arm/v7");

        assertThat(log.of("deps", "RUN")).as("deps, once in all").hasSize(1);
        assertThat(log.of("build-client", "RUN")).hasSize(3);
        assertThat(log.of("build-server", "RUN"))
                .hasSize(3)
                .allMatch(step -> step.platform().startsWith("linux/amd64"), "on the building machine");
        Map<String, String> machines = Map.of("linux_amd64", "3e00", "linux_arm64", "b700", "linux_arm_v7", "2800");
        machines.forEach((folder, machine) -> {
            for (String program : List.of("client", "server")) {
                Path file = buildme.resolve("bin").resolve(folder).resolve(program);
                assertThat(Shell.run(
                                "dd if=\"$1\" bs=1 skip=18 count=2 status=none | od -An -tx1 | tr -d ' \\n'", file))
                        .as("ELF machine of %s", file)
                        .isEqualTo(machine);
            }
        });
    }

    @Test
    void testResultsAreFiles() throws Exception {
        build(buildme, "--target=unit-test", "-o", "test-report");
        assertThat(buildme.resolve("test-report/unit.txt")).content().contains("--- PASS: TestFor");
    }

    @Test
    void theLinterRunsInItsOwnTarget() throws Exception {
        PlainLog log = build(buildme, "--target=lint");
        assertThat(log.stages()).containsExactly("lint");
    }

    @Test
    void aSecondBuildRunsNothingAndGivesTheSameBytes() throws Exception {
        // Outside of the context, which the RUN instructions see as a whole.
        build(buildme, "--target=server", "-o", "type=oci,dest=../first.tar", "-o", "type=local,dest=../one");
        PlainLog again =
                build(buildme, "--target=server", "-o", "type=oci,dest=../second.tar", "-o", "type=local,dest=../two");

        assertThat(again.ran()).isEmpty();
        assertThat(again.cached()).isNotEmpty();
        Path cases = directory.resolve("cases");
        assertThat(cases.resolve("second.tar")).hasSameBinaryContentAs(cases.resolve("first.tar"));
        assertThat(Shell.describe(cases.resolve("two"))).isEqualTo(Shell.describe(cases.resolve("one")));
    }

    @Test
    void filesThatNoStepUsesReRunNothing() throws Exception {
        build(hello, "-f", "multi.Dockerfile");
        build(buildme, "--target=client");
        Files.createDirectory(buildme.resolve("bin"));
        Files.writeString(buildme.resolve("bin/ignored"), "by .dockerignore");
        Files.writeString(buildme.resolve("other.Dockerfile"), "FROM scratch");
        Shell.run("touch -d '2001-02-03' \"$1\"/cmd/client/main.go", buildme);

        assertThat(build(buildme, "--target=client").ran()).isEmpty();
    }

    @Test
    void anEqualBinaryStopsTheRebuildThere() throws Exception {
        build(buildme, "--target=binaries");
        // In a package that main imports: a comment leaves its object file as it is.
        Files.writeString(
                buildme.resolve("internal/greeting/greeting.go"), "\n// A comment.\n", StandardOpenOption.APPEND);
        PlainLog log = build(buildme, "--target=binaries");

        assertThat(log.ran()).hasSize(2).allMatch(step -> step.matches("build-(client|server): RUN .*"));
        assertThat(log.cached()).anyMatch(step -> step.startsWith("binaries: COPY"));
    }

    @Test
    void aStageByNumberAndByNameIsTheSameWork() throws Exception {
        PlainLog first = build(hrefCounter, "-t", "href-counter", "-o", "type=oci,tar=false,dest=one");
        assertThat(first.stages()).hasSize(2);
        PlainLog named = build(hrefCounter, "-f", "named.Dockerfile", "-o", "type=oci,tar=false,dest=two");
        assertThat(named.ran()).isEmpty();
        String layers = "cat \"$1\"/blobs/sha256/* | grep -a -o '\"layers\":.*' | head -n 1";
        assertThat(Shell.run(layers, hrefCounter.resolve("two")))
                .contains("sha256:")
                .isEqualTo(Shell.run(layers, hrefCounter.resolve("one")));

        build(hrefCounter, "-o", "type=tar,dest=out.tar");
        String count = "cd \"$1\" && tar -xf out.tar root/app && printf '<a href=x><a href=y>' | root/app";
        assertThat(Shell.run(count, hrefCounter)).isEqualTo("2\n");
    }

    @Test
    void dependenciesSurviveAChangeOfTheSources() throws Exception {
        build(nodeApi, "-f", "apps/api/Dockerfile", "-t", "api");
        Files.writeString(nodeApi.resolve("apps/api/main.js"), "console.log(\"api up, changed\");\n");
        PlainLog log = build(nodeApi, "-f", "apps/api/Dockerfile", "-t", "api");

        assertThat(log.cached())
                .contains("build: RUN npm install --offline", "stage-1: RUN npm install --offline --omit=dev");
        assertThat(log.ran())
                .containsExactly(
                        "build: ADD . .",
                        "build: RUN npm run build api",
                        "stage-1: COPY --from=build /opt/app/dist/apps/api ./dist");
    }

    @Test
    void prunedToNothingItIsAsColdAsAtFirst() throws Exception {
        Path counting = Jbuild.context(directory.resolve("counting"), """
                FROM busybox
                RUN --mount=type=cache,target=/cache echo "$(ls /cache | wc -l) files" && touch /cache/kept
                """);
        List<String> arguments = TestImages.contexts("busybox");
        try (Jbuild own = Jbuild.in(directory)) {
            PlainLog first = own.build(counting, arguments);
            own.run("prune", "-af");
            PlainLog second = own.build(counting, arguments);

            assertThat(first.ran()).hasSize(1).isEqualTo(second.ran());
            assertThat(first.steps()).flatExtracting(PlainLog.Step::lines).contains("0 files");
            assertThat(second.steps()).flatExtracting(PlainLog.Step::lines).contains("0 files");
        }
    }
}
