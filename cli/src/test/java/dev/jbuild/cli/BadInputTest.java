package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What goes wrong before anything runs: one clear message, and the exit code that scripts can tell apart.
class BadInputTest {
    @TempDir
    Path directory;

    private Path context;
    private Cli jbuild;

    @BeforeEach
    void emptyContext() throws IOException {
        context = Files.createDirectory(directory.resolve("context"));
        jbuild = new Cli(directory.resolve("store"));
    }

    private Cli.Result build(String dockerfile, String... options) throws IOException {
        Files.writeString(context.resolve("Dockerfile"), dockerfile);
        String[] args = new String[options.length + 3];
        args[0] = "build";
        args[1] = "--progress=quiet";
        System.arraycopy(options, 0, args, 2, options.length);
        args[args.length - 1] = context.toString();
        return jbuild.run(args);
    }

    @Test
    void unknownInstruction() throws IOException {
        Cli.Result result = build("FROM scratch\nCOPPY a /\n");
        assertThat(result.code()).isEqualTo(ExitCode.INVALID_DOCKERFILE);
        assertThat(result.err()).contains("unknown instruction: `COPPY`", "Dockerfile:2:1", "did you mean `COPY`?");
    }

    @Test
    void emptyDockerfile() throws IOException {
        Cli.Result result = build("");
        assertThat(result.code()).isEqualTo(ExitCode.INVALID_DOCKERFILE);
        assertThat(result.err()).startsWith("ERROR: ");
    }

    @Test
    void unknownStage() throws IOException {
        Cli.Result result = build("FROM scratch AS server\nCOPY Dockerfile /\n", "--target=sever");
        assertThat(result.code()).isEqualTo(ExitCode.INVALID_DOCKERFILE);
        assertThat(result.err()).contains("\"sever\"", "server");
    }

    @Test
    void missingFileInTheContext() throws IOException {
        Cli.Result result = build("FROM scratch\nCOPY nothing /\n");
        assertThat(result.code()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(result.err().replace(context + "/", "").replace(context.toString(), "CONTEXT"))
                .isEqualTo("""
                ERROR: "/nothing" not found in the build context CONTEXT
                Dockerfile:2:1
                --------------------
                   1 |     FROM scratch
                   2 | >>> COPY nothing /
                --------------------
                """);
    }

    @Test
    void missingContext() {
        Cli.Result result = jbuild.run("build", directory.resolve("nowhere").toString());
        assertThat(result.code()).isNotIn(ExitCode.OK, ExitCode.INTERNAL);
        assertThat(result.err()).contains("nowhere");
    }

    @Test
    void unknownOption() {
        Cli.Result result = jbuild.run("build", "--tga=x", ".");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err())
                .isEqualTo("ERROR: unknown option --tga (did you mean `--tag`?); see 'jbuild build --help'\n");
    }

    @Test
    void storeInTheWay() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a store");
        Cli.Result result = new Cli(file).run("images");
        assertThat(result.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(result.err()).startsWith("ERROR: ").contains(file.toString());
    }
}
