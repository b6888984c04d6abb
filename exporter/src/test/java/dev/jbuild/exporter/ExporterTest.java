package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExporterTest {
    /// Standard output is a file, and nothing has to be kept.
    static final Exporter.Limits FREE = new Exporter.Limits(false, false, List.of());

    @TempDir
    private Path dir;

    private @Nullable LayerStore store;

    @BeforeEach
    void openStore() throws InterruptedException {
        store = LayerStore.open(dir.resolve("store"));
    }

    @AfterEach
    void closeStore() {
        store().close();
    }

    private LayerStore store() {
        return Objects.requireNonNull(store);
    }

    private BuiltImage hello(String platform) throws IOException {
        return BuiltImage.of(store(), platform, Map.of("hello", "Hello, " + platform + "\n"));
    }

    private ExportResult export(ExportRequest request, String... outputs) throws IOException, InterruptedException {
        List<ExportSpec> specs = Stream.of(outputs).map(ExportSpec::parse).toList();
        return Exporter.export(request, specs, store(), BuiltImage.OUTLETS, ExportListener.NONE);
    }

    @Test
    void severalOutputsOfOneBuild() throws Exception {
        ExportResult result = export(
                BuiltImage.request(List.of(hello("linux/amd64")), "demo"),
                "type=image",
                "type=oci,dest=" + dir + "/a.tar",
                "type=oci,tar=false,dest=" + dir + "/layout",
                "type=docker,dest=" + dir + "/docker.tar",
                "type=cacheonly");

        assertThat(store().images().get("docker.io/library/demo:latest"))
                .hasValueSatisfying(image -> assertThat(image).isEqualTo(result.root()));
        assertThat(dir.resolve("a.tar")).isNotEmptyFile();
        assertThat(dir.resolve("layout/index.json")).isNotEmptyFile();
        assertThat(dir.resolve("docker.tar")).isNotEmptyFile();
        assertThat(result.names()).containsExactly("docker.io/library/demo:latest");
    }

    @Test
    void theResultIsWhatScriptsAskFor() throws Exception {
        ExportResult one = export(BuiltImage.request(List.of(hello("linux/amd64")), "demo", "demo:1"), "type=image");
        assertThat(one.imageId()).isEqualTo(String.valueOf(one.configDigest()));
        assertThat(one.metadata(List.of())).isEqualTo("""
                        {
                          "containerimage.config.digest": "%s",
                          "containerimage.descriptor": {"mediaType":"application/vnd.oci.image.manifest.v1+json",\
                        "digest":"%s","size":397,"platform":{"architecture":"amd64","os":"linux"}},
                          "containerimage.digest": "%s",
                          "image.name": "docker.io/library/demo:latest,docker.io/library/demo:1"
                        }
                        """.formatted(
                        one.configDigest(),
                        Objects.requireNonNull(one.root()).digest(),
                        one.root().digest()));

        ExportResult several =
                export(BuiltImage.request(List.of(hello("linux/amd64"), hello("linux/arm64"))), "type=image");
        assertThat(several.configDigest()).isNull();
        assertThat(several.imageId())
                .isEqualTo(Objects.requireNonNull(several.root()).digest().toString());

        ExportResult none = export(BuiltImage.request(List.of(hello("linux/amd64"))), "type=cacheonly");
        assertThat(none.imageId()).isEmpty();
        assertThat(none.metadata(List.of())).isEqualTo("{}\n");
    }

    @Test
    void anImageWithoutANameIsKeptByItsDigest() throws Exception {
        ExportResult result = export(BuiltImage.request(List.of(hello("linux/amd64"))), "type=image");

        String digest = Objects.requireNonNull(result.root()).digest().toString();
        assertThat(store().images().get(digest)).contains(result.root());
        assertThat(store().content().contains(result.root().digest())).isTrue();
        assertThat(store().content().contains(Objects.requireNonNull(result.configDigest())))
                .isTrue();
    }

    @Test
    void aNameThatStandsForTheSameImageAlreadyIsLeftAlone() throws Exception {
        export(BuiltImage.request(List.of(hello("linux/amd64")), "demo"), "type=image");
        ExportRequest later = new ExportRequest(
                List.of(hello("linux/amd64")),
                false,
                List.of("demo"),
                new ImageTime.Fixed(),
                Instant.EPOCH.plusSeconds(1),
                List.of());
        export(later, "type=image");

        assertThat(store().images().list()).extracting("tagged").containsExactly(Instant.EPOCH);
    }

    @Test
    void anImageCanBeKeptUnderItsNameWithItsDigestToo() throws Exception {
        ExportResult result =
                export(BuiltImage.request(List.of(hello("linux/amd64")), "demo:1"), "type=image,name-canonical=true");

        String digest = Objects.requireNonNull(result.root()).digest().toString();
        assertThat(store().images().list())
                .extracting("name")
                .containsExactly("docker.io/library/demo:1", "docker.io/library/demo@" + digest);
    }

    @ParameterizedTest(name = "{0}, -t {1}: {2}")
    @CsvSource({
        // What ends with @ has the digest behind it.
        "name-canonical=true,             a:1 a:2 b:1,  a:1 a:2 a@ b:1 b@",
        "dangling-name-prefix=left,       '',           left@",
        "dangling-name-prefix=left,       a:1,          a:1 left@",
        "'dangling-name-prefix=left,danging-name-empty-only=true', a:1, a:1",
        "'dangling-name-prefix=left,danging-name-empty-only=true', '',  left@",
        "'dangling-name-prefix=left,name-canonical=true',          a:1, a:1 a@ left@",
        "unpack=true,                     a:1,          a:1",
        "unpack=false,                    a:1,          a:1",
        "store=false,                     a:1,          ''",
    })
    void theNamesThatTheStoreKnows(String options, String tags, String expected) throws Exception {
        ExportResult result = export(
                BuiltImage.request(List.of(hello("linux/amd64")), tags.isEmpty() ? new String[0] : tags.split(" ")),
                "type=image," + options);

        String digest = Objects.requireNonNull(result.root()).digest().toString();
        assertThat(store().images().list())
                .extracting(image -> image.name().substring("docker.io/library/".length()))
                .containsExactlyInAnyOrderElementsOf(Stream.of(expected.split(" "))
                        .filter(name -> !name.isEmpty())
                        .map(name -> name.endsWith("@") ? name + digest : name)
                        .toList());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "type=image,push-by-digest=true       | push-by-digest does nothing, because the image is not pushed: add push=true",
                "type=image,registry.insecure=true    | registry.insecure does nothing, because the image is not pushed: add push",
                "type=image,store=false               | the image is neither kept nor pushed: leave out store=false, add push=true",
                "type=image,name-canonical=true       | name-canonical does nothing, because the image has no name: give it one",
                "type=image,danging-name-empty-only=1 | danging-name-empty-only does nothing without dangling-name-prefix",
                "type=image,dangling-name-prefix=a    | ''",
                "type=image,store=false,dangling-name-prefix=a | do nothing, because the image is not kept in the store",
            })
    void optionsThatDoNothingAreSaidToDoNothing(String output, String warning) throws Exception {
        List<String> warnings = new ArrayList<>();
        ExportListener listener = new ExportListener() {
            @Override
            public void progress(String thing, long current, long total) {}

            @Override
            public void warn(String message) {
                warnings.add(message);
            }
        };
        Exporter.export(
                BuiltImage.request(List.of(hello("linux/amd64"))),
                List.of(ExportSpec.parse(output)),
                store(),
                BuiltImage.OUTLETS,
                listener);
        assertThat(String.join("\n", warnings)).contains(warning);
        assertThat(warnings.isEmpty()).isEqualTo(warning.isEmpty());
    }

    @Test
    void namesOfTheBuildReplaceThoseOfAnOutput() throws Exception {
        export(BuiltImage.request(List.of(hello("linux/amd64")), "demo"), "type=image,name=other");
        assertThat(store().images().list()).extracting("name").containsExactly("docker.io/library/demo:latest");

        export(BuiltImage.request(List.of(hello("linux/amd64"))), "type=image,\"name=one,two\"");
        assertThat(store().images().list())
                .extracting("name")
                .containsExactly(
                        "docker.io/library/demo:latest",
                        "docker.io/library/one:latest",
                        "docker.io/library/two:latest");
    }

    @Test
    void anArchiveIsTheSameEachTimeAndOnStandardOutput() throws Exception {
        ExportRequest request = BuiltImage.request(List.of(hello("linux/amd64"), hello("linux/arm64")), "demo");
        export(request, "type=oci,dest=" + dir + "/a.tar");
        byte[] first = Files.readAllBytes(dir.resolve("a.tar"));
        export(request, "type=oci,dest=" + dir + "/a.tar");
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        Exporter.export(
                request,
                List.of(ExportSpec.parse("type=oci,dest=-")),
                store(),
                BuiltImage.printingTo(stdout),
                ExportListener.NONE);

        assertThat(Files.readAllBytes(dir.resolve("a.tar"))).isEqualTo(first);
        assertThat(stdout.toByteArray()).isEqualTo(first);
    }

    @Test
    void aSavedImageIsTheImageThatWasBuilt() throws Exception {
        ExportRequest request = BuiltImage.request(List.of(hello("linux/amd64"), hello("linux/arm64")), "demo");
        ExportResult built = export(request, "type=image", "type=oci,dest=" + dir + "/built.tar");
        StoredImage image = new StoredImage(Objects.requireNonNull(built.root()), built.names());
        Exporter.save(
                List.of(image),
                false,
                new Destination.File(dir.resolve("saved.tar")),
                store(),
                OutputStream.nullOutputStream(),
                ExportListener.NONE);

        assertThat(dir.resolve("saved.tar")).hasSameBinaryContentAs(dir.resolve("built.tar"));
    }

    @Test
    void aDockerArchiveOfAnIndexHoldsTheImageForThisMachine() throws Exception {
        String host = Platform.host().toString();
        ExportResult one = export(
                BuiltImage.request(List.of(hello(host)), "demo"),
                "type=docker,oci-mediatypes=true,dest=" + dir + "/one.tar");
        ExportResult index =
                export(BuiltImage.request(List.of(hello("linux/s390x"), hello(host)), "demo"), "type=image");
        Exporter.save(
                List.of(new StoredImage(Objects.requireNonNull(index.root()), one.names())),
                true,
                new Destination.File(dir.resolve("saved.tar")),
                store(),
                OutputStream.nullOutputStream(),
                ExportListener.NONE);

        assertThat(dir.resolve("saved.tar")).hasSameBinaryContentAs(dir.resolve("one.tar"));
    }

    @Test
    void saysHowFarItIs() throws Exception {
        List<String> heard = new ArrayList<>();
        ExportListener listener = new ExportListener() {
            @Override
            public void progress(String thing, long current, long total) {
                if (current == total) {
                    heard.add(thing);
                }
            }

            @Override
            public void warn(String message) {
                heard.add(message);
            }
        };
        Exporter.export(
                BuiltImage.request(List.of(hello("linux/amd64"))),
                List.of(ExportSpec.parse("type=oci,dest=" + dir + "/a.tar")),
                store(),
                BuiltImage.OUTLETS,
                listener);

        assertThat(heard).containsExactly("writing archive");
    }

    @Test
    void theFormsOfLayersAreKnownBefore() {
        Instant clock = Instant.parse("2024-02-29T12:00:00Z");
        List<ExportSpec> specs = Stream.of(
                        "type=image",
                        "type=docker,dest=a",
                        "type=oci,dest=b,compression=zstd",
                        "type=local,dest=c",
                        "type=oci,dest=d,rewrite-timestamp=false")
                .map(ExportSpec::parse)
                .toList();

        assertThat(Exporter.layerFormats(specs, new ImageTime.Epoch(clock)))
                .containsExactlyInAnyOrder(
                        new LayerFormat(Compression.GZIP, Compression.DEFAULT_LEVEL, clock),
                        new LayerFormat(Compression.ZSTD, Compression.DEFAULT_LEVEL, clock),
                        new LayerFormat(Compression.GZIP, Compression.DEFAULT_LEVEL, null));
    }

    @Test
    void whatCannotWorkIsRefusedBeforeTheBuild() throws Exception {
        refused(false, "two outputs go to ./a.tar", "type=oci,dest=a.tar", "type=docker,dest=./a.tar");
        refused(false, "two outputs go to standard output", "type=oci,dest=-", "-");
        refused(true, "type=docker holds an image for one platform", "type=docker,dest=a.tar");
        refused(true, "need a folder each; leave out platform-split=false", "type=tar,dest=a,platform-split=false");
        refused(false, "an image needs a name to be pushed; give it one with -t or name=", "type=registry");
        refused(false, "the directory " + dir + "/no does not exist", "type=oci,dest=" + dir + "/no/a.tar");
        refused(false, "it is a directory; name a file in it", "type=tar,dest=" + dir);
        assertThatThrownBy(() -> Exporter.check(
                        List.of(ExportSpec.parse("-")),
                        List.of(),
                        false,
                        new Exporter.Limits(true, false, List.of()),
                        BuiltImage.OUTLETS.engines()))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("refusing to write a type=tar archive to the terminal");
        Exporter.check(
                List.of(ExportSpec.parse(dir + "/made/later"), ExportSpec.parse("-")),
                List.of(),
                true,
                FREE,
                BuiltImage.OUTLETS.engines());
    }

    private static void refused(boolean index, String message, String... outputs) {
        List<ExportSpec> specs = Stream.of(outputs).map(ExportSpec::parse).toList();
        assertThatThrownBy(() -> Exporter.check(specs, List.of(), index, FREE, BuiltImage.OUTLETS.engines()))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining(message);
    }
}
