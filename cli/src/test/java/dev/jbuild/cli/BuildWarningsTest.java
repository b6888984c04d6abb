package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a build says of a Dockerfile that is allowed, and better written otherwise. Nothing of it needs to run.
class BuildWarningsTest {
    private static final String DOUBTFUL = """
            FROM scratch
            ENV WHO=$NOBODY
            CMD run
            """;

    @TempDir
    Path directory;

    private Path context;
    private Path metadata;

    @BeforeEach
    void emptyContext() throws IOException {
        context = Files.createDirectory(directory.resolve("context"));
        metadata = directory.resolve("metadata.json");
    }

    private Cli.Result build(FakeIo io, String dockerfile, String... options) throws IOException {
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        List<String> args = new ArrayList<>(
                List.of("build", "--output=type=cacheonly", "--metadata-file=" + metadata, context.toString()));
        args.addAll(List.of(options));
        Cli.Result result = new Cli(directory.resolve("store")).run(io, args.toArray(String[]::new));
        return new Cli.Result(result.code(), result.out(), result.err().replace(context + "/", ""));
    }

    @Test
    void areListedAtTheEnd() throws IOException {
        Cli.Result result = build(new FakeIo(), DOUBTFUL, "--progress=plain");
        assertThat(result.code()).isEqualTo(ExitCode.OK);
        assertThat(result.err()).contains("#1 WARN: UndefinedVar: usage of undefined variable '$NOBODY' (line 2)\n");
        assertThat(result.err()).endsWith("""

                 2 warnings found (use --debug to expand, docs/rules/RULE.md explains):
                 - UndefinedVar: usage of undefined variable '$NOBODY' (Dockerfile:2)
                 - JSONArgsRecommended: JSON arguments are recommended for CMD: a shell does not pass signals on (Dockerfile:3)
                """);
    }

    @Test
    void areShownInFullWithDebug() throws IOException {
        Cli.Result result = build(new FakeIo(), DOUBTFUL, "--progress=plain", "--debug");
        assertThat(result.err()).contains("""
                 2 warnings found:
                 - UndefinedVar: usage of undefined variable '$NOBODY' (Dockerfile:2)
                A variable should be defined before it is used: docs/rules/UndefinedVar.md
                Dockerfile:2:9
                --------------------
                   1 |     FROM scratch
                   2 | >>> ENV WHO=$NOBODY
                     |             ^^^^^^^
                   3 |     CMD run
                --------------------
                """);
    }

    @Test
    void onlyTheFirstAreListed() throws IOException {
        StringBuilder many = new StringBuilder("FROM scratch\n");
        for (int i = 1; i <= 13; i++) {
            many.append("ENV A").append(i).append("=$B").append(i).append('\n');
        }
        Cli.Result result = build(new FakeIo(), many.toString(), "--progress=tty");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        result = build(new FakeIo(), many.toString(), "--progress=plain");
        assertThat(result.err()).endsWith("(Dockerfile:11)\n   … and 3 more\n");
    }

    @Test
    void areInTheMetadataAllTheSame() throws IOException {
        Cli.Result result = build(new FakeIo(), DOUBTFUL, "--quiet");
        assertThat(result.err()).isEmpty();
        JsonNode warnings = new ObjectMapper().readTree(metadata.toFile()).get("buildx.build.warnings");
        assertThat(warnings).hasSize(2);
        JsonNode first = warnings.get(0);
        assertThat(new String(first.get("short").binaryValue(), StandardCharsets.UTF_8))
                .isEqualTo("UndefinedVar: usage of undefined variable '$NOBODY' (line 2)");
        assertThat(first.get("url").asText()).isEqualTo("docs/rules/UndefinedVar.md");
        assertThat(first.at("/range/0/start/line").asInt()).isEqualTo(2);
        assertThat(new String(first.at("/sourceInfo/data").binaryValue(), StandardCharsets.UTF_8))
                .isEqualTo(DOUBTFUL);
    }

    @Test
    void areLeftOutOfTheMetadataOnRequest() throws IOException {
        build(new FakeIo().env("BUILDX_METADATA_WARNINGS", "0"), DOUBTFUL, "--quiet");
        assertThat(metadata).content().doesNotContain("warnings");
    }

    @Test
    void areWarningsOfAVertexInRawJson() throws IOException {
        Cli.Result result = build(new FakeIo(), DOUBTFUL, "--progress=rawjson");
        List<JsonNode> warnings = new ArrayList<>();
        for (String line : result.err().lines().toList()) {
            new ObjectMapper().readTree(line).path("warnings").forEach(warnings::add);
        }
        assertThat(warnings)
                .hasSize(2)
                .allSatisfy(warning -> assertThat(warning.fieldNames())
                        .toIterable()
                        .containsExactly("vertex", "level", "short", "detail", "url", "sourceInfo", "range"));
    }

    @Test
    void failTheBuildWhereTheDockerfileSaysSo() throws IOException {
        Cli.Result result =
                build(new FakeIo(), "# check=error=true\n" + DOUBTFUL + "RUN touch /ran\n", "--progress=plain");
        assertThat(result.code()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(result.err())
                .startsWith("ERROR: lint violation found for rules: JSONArgsRecommended, UndefinedVar\n")
                .contains("WARNING: UndefinedVar: usage", ">>> ENV WHO=$NOBODY", ">>> CMD run")
                .doesNotContain("RUN touch /ran\n#");
        assertThat(metadata).doesNotExist();
    }

    @Test
    void areNoneWhereThereAreNone() throws IOException {
        FakeIo io = new FakeIo().env("BUILDX_METADATA_PROVENANCE", "disabled");
        Cli.Result result = build(io, "FROM scratch\nCMD [\"run\"]\n", "--progress=plain");
        assertThat(result.err()).doesNotContain("warning", "build definition");
        assertThat(metadata).content().isEqualTo("{}\n");
    }

    @Test
    void flagsOfOlderBuildersAreTaken() throws IOException {
        Cli.Result quiet = build(
                new FakeIo(),
                "FROM scratch\n",
                "--progress=quiet",
                "--rm",
                "--force-rm=false",
                "--compress",
                "--builder=x");
        assertThat(quiet.code()).isEqualTo(ExitCode.OK);
        assertThat(quiet.err()).isEmpty();

        Cli.Result warned =
                build(new FakeIo(), "FROM scratch\n", "--progress=quiet", "--squash", "--security-opt=seccomp=x.json");
        assertThat(warned.code()).isEqualTo(ExitCode.OK);
        assertThat(warned.err()).isEqualTo("""
                WARNING: --squash does nothing: copy what is wanted into a last stage of its own instead
                WARNING: --security-opt=seccomp=x.json does nothing: RUN has Docker's default profile; see RUN --security and --allow
                """);
    }
}
