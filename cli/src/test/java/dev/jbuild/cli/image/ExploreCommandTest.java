package dev.jbuild.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jbuild.cli.Cli;
import dev.jbuild.cli.StoreFixture;
import dev.jbuild.cli.explore.DockerSave;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.fake.HostileTar;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.OciJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExploreCommandTest {
    private static final String EVIL = "</script><script>alert(1)</script>\u202e\u001b[31m";

    @TempDir
    Path directory;

    private Cli jbuild;
    private Path archive;

    /// Half of what the first layer has is overwritten by the second.
    @BeforeEach
    void images() throws IOException, InterruptedException {
        Path root = directory.resolve("store");
        jbuild = new Cli(root);
        try (LayerStore store = LayerStore.open(root)) {
            StoreFixture fixture = new StoreFixture(store);
            Descriptor app = fixture.image("app", 100);
            store.places()
                    .put(
                            OciJson.readManifest(store.content().read(app))
                                    .config()
                                    .digest(),
                            List.of("Dockerfile:12", "Dockerfile:13"));
            fixture.index("both", 1000, 2000);
        } catch (OciFormatException e) {
            throw new IOException(e);
        }
        archive = directory.resolve("app.tar");
        Files.write(
                archive,
                DockerSave.archive(
                        "team/app:1",
                        List.of("\"ADD rootfs /\"", "\"RUN /bin/sh -c echo " + json(EVIL) + " # buildkit\""),
                        List.of(
                                new HostileTar(0).file("kept", "x".repeat(50)).file("changed", "a".repeat(50)),
                                new HostileTar(0)
                                        .file("changed", "b".repeat(50))
                                        .file(EVIL.replace('/', '|'), ""))));
    }

    private static String json(String text) {
        return text.replace("\u001b", "\\u001b");
    }

    private JsonNode explored(String... args) throws IOException {
        Cli.Result result = jbuild.run(args);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isEqualTo(ExitCode.OK);
        return new JsonMapper().readTree(result.out());
    }

    @Test
    void tellsProgramsWhatIsInAnArchive() throws IOException {
        JsonNode found = explored("explore", "--format=json", archive.toString());
        assertThat(found.path("schemaVersion").asInt()).isEqualTo(1);
        JsonNode platform = found.path("platforms").path(0);
        assertThat(platform.path("platform").asText()).isEqualTo("linux/amd64");
        assertThat(platform.path("fileBytes").asLong()).isEqualTo(150);
        assertThat(platform.path("wastedBytes").asLong()).isEqualTo(50);
        assertThat(platform.path("efficiency").asDouble()).isEqualTo(100.0 / 150);
        assertThat(platform.path("wasted")).singleElement().satisfies(wasted -> {
            assertThat(wasted.path("path").asText()).isEqualTo("/changed");
            assertThat(wasted.path("versions").asInt()).isEqualTo(2);
            assertThat(wasted.path("removed").asBoolean()).isFalse();
        });
        assertThat(platform.path("layers").path(1).path("changes").findValuesAsText("change"))
                .containsExactlyInAnyOrder("added", "modified");
        assertThat(platform.path("layers").path(1).path("changes").findValuesAsText("path"))
                .contains("/" + EVIL.replace('/', '|'));
    }

    @Test
    void tellsWhichLineMadeALayerOfAnImageThatWasBuiltHere() throws IOException {
        JsonNode instructions = explored("explore", "--format=json", "app")
                .path("platforms")
                .path(0)
                .path("instructions");
        assertThat(instructions.findValuesAsText("line")).containsExactly("Dockerfile:12", "Dockerfile:13");
        assertThat(instructions.path(0).path("layer").asInt()).isZero();
        assertThat(instructions.path(1).has("layer")).isFalse();
    }

    @Test
    void thePageAllowsNothingButItself() throws IOException {
        String page = page();
        assertThat(page).contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';");
        assertThat(page).doesNotContain("http://", "https://", "'unsafe-inline'", "\u202e", "\u001b");
        // Data and script, and nothing that a file's name could add.
        assertThat(count("<script", page)).isEqualTo(3);
        assertThat(count("</script>", page)).isEqualTo(3);
        assertThat(page).doesNotContain("alert(1)</");
    }

    @Test
    void thePageIsTheSameEveryTime() throws IOException {
        assertThat(page()).isEqualTo(page());
    }

    private String page() throws IOException {
        Path page = directory.resolve("page.html");
        Cli.Result result = jbuild.run("explore", "-o", page.toString(), archive.toString());
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .isEqualTo(page + ": linux/amd64, 2 layers, 150B of files, 50B wasted, efficiency 66.6 %\n");
        return Files.readString(page);
    }

    private static long count(String text, String page) {
        return Pattern.compile(text, Pattern.LITERAL).matcher(page).results().count();
    }

    @Test
    void aCompressedArchiveIsTheSame() throws IOException {
        Path compressed = directory.resolve("app.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(archive, out);
        }
        assertThat(explored("explore", "--format=json", compressed.toString()).path("platforms"))
                .isEqualTo(explored("explore", "--format=json", archive + ":team/app:1")
                        .path("platforms"));
    }

    @Test
    void whatWasSavedIsTheSame() throws IOException {
        Path saved = directory.resolve("saved.tar");
        for (String format : List.of("oci", "docker")) {
            jbuild.run("save", "--format=" + format, "-o", saved.toString(), "app");
            assertThat(explored("explore", "--format=json", "oci-archive:" + saved)
                            .path("platforms")
                            .path(0)
                            .path("layers"))
                    .as(format)
                    .isEqualTo(explored("explore", "--format=json", "app")
                            .path("platforms")
                            .path(0)
                            .path("layers"));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'', 'linux/amd64,linux/arm64'",
        "--platform=all, 'linux/amd64,linux/arm64'",
        "--platform=linux/arm64, linux/arm64",
        "--platform=arm64, linux/arm64"
    })
    void platforms(String option, String expected) throws IOException {
        JsonNode found = option.isEmpty()
                ? explored("explore", "--format=json", "both")
                : explored("explore", "--format=json", option, "both");
        assertThat(String.join(",", found.path("platforms").findValuesAsText("platform")))
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} ends with {1}")
    @CsvSource({"0.66, OK", "66.6%, OK", "0.67, BUILD_FAILED", "95%, BUILD_FAILED", "0, OK", "1, BUILD_FAILED"})
    void failUnder(String share, ExitCode expected) {
        Cli.Result result = jbuild.run("explore", "--format=table", "--fail-under=" + share, archive.toString());
        assertThat(result.code()).isEqualTo(expected);
        assertThat(result.out()).contains("/changed");
        if (expected != ExitCode.OK) {
            assertThat(result.err())
                    .matches("ERROR: the efficiency for linux/amd64 is 66\\.6 %, under the \\d+ % of --fail-under;"
                            + " 50B are wasted\n");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            explore|                              missing IMAGE; see 'jbuild explore --help'
            explore --format=xml app|             unknown format "xml": expected html, json or table
            explore --fail-under=95 app|          --fail-under: expected a share from 0 to 1 such as 0.95, or 95%, not "95"
            explore --fail-under=1e5 app|         --fail-under: expected a share from 0 to 1 such as 0.95, or 95%, not "1e5"
            explore --platform=a/b/c/d app|       --platform: expected something like linux/arm64, or all, not "a/b/c/d"
            explore ./absent.tar|                 there is no file or directory ./absent.tar
            explore --platform=linux/s390x both|  the image has nothing for linux/s390x; it is for linux/amd64, linux/arm64
            explore --platform=linux/s390x app|   the image has nothing for linux/s390x; it is for linux/amd64
            """)
    void mistakes(String command, String message) {
        Cli.Result result = jbuild.run(command.split(" "));
        assertThat(result.err()).isEqualTo("ERROR: " + message + "\n");
        assertThat(result.code()).isIn(ExitCode.USAGE, ExitCode.STORE_OR_REGISTRY);
    }

    @Test
    void refusesToFillTheTerminal() {
        Cli.Result result = jbuild.run(new FakeIo().terminal(80, 24).env("NO_COLOR", "1"), "explore", "-o", "-", "app");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aLayerThatIsNotWhatItShouldBeIsAnError() throws IOException {
        byte[] bytes = Files.readAllBytes(archive);
        for (int i = 0; i < bytes.length - 4; i++) {
            if (bytes[i] == 'b' && bytes[i + 1] == 'b' && bytes[i + 2] == 'b') {
                bytes[i] = 'c';
                break;
            }
        }
        Files.write(archive, bytes);
        Cli.Result result = jbuild.run("explore", "--format=json", archive.toString());
        assertThat(result.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(result.err())
                .contains("1/layer.tar in " + archive + " sha256:", " is corrupt: its digest is sha256:");
    }

    @Test
    void anArchiveOfSomethingElseIsAnError() throws IOException {
        Path other = Files.write(
                directory.resolve("other.tar"),
                new HostileTar(0).file("hello", "world").bytes());
        Cli.Result result = jbuild.run("explore", other.toString());
        assertThat(result.err()).contains(" holds no image: it has neither index.json");
        Matcher name = Pattern.compile(Pattern.quote(other.toString())).matcher(result.err());
        assertThat(name.find()).isTrue();
    }
}
