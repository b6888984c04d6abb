package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import dev.jbuild.layerstore.fake.Shell;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `jbuild build -` and `-f -`: what is understood of standard input before anything runs. A Dockerfile whose COPY
/// names a missing file shows which Dockerfile and which context were found.
class StandardInputTest {
    private static final String PROBE = "FROM scratch\nCOPY missing /\n";

    @TempDir
    Path directory;

    private Path context;

    @BeforeEach
    void context() throws IOException {
        context = Files.createDirectory(directory.resolve("context"));
    }

    private Cli.Result build(byte[] input, String... arguments) {
        return build(new ByteArrayInputStream(input), arguments);
    }

    private Cli.Result build(InputStream input, String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "build";
        all[1] = "--progress=plain";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return new Cli(directory.resolve("store")).run(new FakeIo().in(input), all);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] tar(String options) throws IOException {
        Path file = directory.resolve("context.tar");
        Shell.run("cd \"$1\" && tar -c " + options + " -f \"$2\" .", context, file);
        return Files.readAllBytes(file);
    }

    @Test
    void dockerfileWithoutContext() {
        Cli.Result result = build(text(PROBE), "-");
        assertThat(result.code()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(result.err())
                .contains(
                        "\"/missing\" not found in the build context, which is empty: standard input was a Dockerfile",
                        "<stdin>:2:1");
    }

    @ParameterizedTest(name = "tar {0}")
    @ValueSource(strings = {"", "-z", "-j", "-J", "--zstd", "--format=pax", "--format=ustar", "--format=v7"})
    void archiveOfTheContext(String options) throws IOException {
        Files.writeString(context.resolve("Dockerfile"), PROBE);
        Files.writeString(context.resolve("messing"), "near");
        Cli.Result result = build(tar(options), "-");
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(result.err())
                .contains(
                        "[internal] load build context from standard input",
                        "\"/missing\" not found in the build context",
                        "messing",
                        "Dockerfile:2:1");
    }

    @Test
    void dockerfileInTheArchive() throws IOException {
        Files.createDirectory(context.resolve("docker"));
        Files.writeString(context.resolve("docker/app.Dockerfile"), PROBE);
        assertThat(build(tar(""), "-f", "docker/app.Dockerfile", "-").err()).contains("docker/app.Dockerfile:2:1");
        assertThat(build(tar(""), "-f", "./docker/../docker/app.Dockerfile", "-")
                        .err())
                .contains("docker/app.Dockerfile:2:1");
    }

    @Test
    void lowerCaseDockerfileInTheArchive() throws IOException {
        Files.writeString(context.resolve("dockerfile"), PROBE);
        assertThat(build(tar(""), "-").err()).contains("dockerfile:2:1");
    }

    @Test
    void ignoreFileOfAnArchiveIsAFileLikeAnyOther() throws IOException {
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nCOPY a /\nCOPY missing /\n");
        Files.writeString(context.resolve("a"), "a");
        Files.writeString(context.resolve(".dockerignore"), "a\n");
        assertThat(build(tar(""), "-").err()).contains("\"/missing\" not found");
    }

    @Test
    void dockerfileBesideALocalContext() throws IOException {
        Files.writeString(context.resolve("Dockerfile"), "FROM nowhere\n");
        Files.writeString(context.resolve("a"), "a");
        Files.writeString(context.resolve(".dockerignore"), "a\n");
        Cli.Result result = build(text("FROM scratch\nCOPY a /\n"), "-f", "-", context.toString());
        assertThat(result.err()).contains("\"/a\" not found in the build context", "is excluded by", "<stdin>:2:1");
    }

    @Test
    void dockerfileThatIsALinkOutOfTheArchive() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "FROM scratch\nCOPY secret /\n");
        Files.createSymbolicLink(context.resolve("Dockerfile"), secret);
        Cli.Result result = build(tar(""), "-");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("Dockerfile in the archive on standard input: no such file");
    }

    @Test
    void dockerfileThatIsAPipe() throws IOException {
        Shell.run("mkfifo \"$1/Dockerfile\"", context);
        assertThat(build(tar(""), "-").err()).contains("it is not a file");
    }

    @Test
    void archiveThatLeadsOut() throws IOException {
        Files.writeString(directory.resolve("outside"), "x");
        Files.writeString(context.resolve("Dockerfile"), PROBE);
        Path file = directory.resolve("hostile.tar");
        Shell.run(
                "cd \"$1\" && tar -cPf \"$2\" Dockerfile --transform='s,^Dockerfile$,../../../../out,' Dockerfile"
                        + " && mkdir x && ln -s / x/root && tar -rf \"$2\" x",
                context,
                file);
        build(Files.readAllBytes(file), "-");
        assertThat(directory.resolve("out")).doesNotExist();
        assertThat(directory.resolve("store/out")).doesNotExist();
    }

    @Test
    void archiveThatEndsTooEarly() throws IOException {
        Files.write(context.resolve("large"), new byte[100_000]);
        byte[] whole = tar("");
        Cli.Result result = build(Arrays.copyOf(whole, 50_000), "-");
        assertThat(result.code()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(result.err()).contains("cannot unpack standard input: ");
    }

    @Test
    void compressedDockerfile() throws IOException {
        Path file = Files.writeString(directory.resolve("Dockerfile"), PROBE);
        Shell.run("gzip \"$1\"", file);
        Cli.Result result = build(Files.readAllBytes(directory.resolve("Dockerfile.gz")), "-");
        assertThat(result.code()).isEqualTo(ExitCode.BUILD_FAILED);
        assertThat(result.err()).contains("cannot unpack standard input: ");
    }

    @Test
    void theRestOfThePipeIsRead() throws IOException {
        Files.writeString(context.resolve("Dockerfile"), PROBE);
        byte[] padded = Arrays.copyOf(tar(""), 200_000);
        InputStream input = new ByteArrayInputStream(padded);
        build(input, "-");
        assertThat(input.available()).isZero();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            -f - -              | x      | -f - and the build context -
            -                   | ''     | standard input is empty
            -f Other -          | FROM a | ambiguous Dockerfile
            -f - .              | ''     | standard input is empty
            -                   | PK\\0  | neither a Dockerfile nor a tar archive
            """)
    void refused(String arguments, String input, String message) {
        Cli.Result result =
                build(text(input.replace("\\0", "\0")), arguments.trim().split(" "));
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).startsWith("ERROR: ").contains(message);
    }

    @Test
    void archiveForTheDockerfile() throws IOException {
        Files.writeString(context.resolve("Dockerfile"), PROBE);
        Cli.Result result = build(tar(""), "-f", "-", context.toString());
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("-f -: standard input is an archive");
    }

    @Test
    void archiveWithoutDockerfile() throws IOException {
        Files.writeString(context.resolve("Dockerfilee"), PROBE);
        Cli.Result result = build(tar(""), "-");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err())
                .contains("failed to read dockerfile: Dockerfile in the archive on standard input: no such file");
    }

    @Test
    void endlessDockerfile() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'a';
            }
        };
        Cli.Result result = build(endless, "-");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("<stdin> is larger than");
    }
}
