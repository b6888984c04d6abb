package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.archive.Compression;
import dev.jbuild.layerstore.oci.Platform;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExportSpecTest {
    private static final ImageOptions DOCKER_TYPES = new ImageOptions(
            List.of(), ImageOptions.Layers.DEFAULT, false, null, false, ImageOptions.Attestations.DEFAULT, List.of());

    static Stream<Arguments> good() {
        return Stream.of(
                Arguments.of("out", local("out")),
                Arguments.of("./out dir", local("./out dir")),
                Arguments.of("weird=name", local("weird=name")),
                Arguments.of("-", new ExportSpec.Tar(new Destination.Stdout(), ExportSpec.PlatformSplit.AUTO, "")),
                Arguments.of("type=local,dest=out", local("out")),
                Arguments.of(
                        "type=local,dest=out,mode=delete,platform-split=false",
                        new ExportSpec.Local(
                                Path.of("out"), ExportSpec.PlatformSplit.NEVER, ExportSpec.Mode.DELETE, "")),
                Arguments.of(
                        "type=tar,dest=a.tar,platform-split=1",
                        new ExportSpec.Tar(file("a.tar"), ExportSpec.PlatformSplit.ALWAYS, "")),
                Arguments.of(
                        "type=tar", new ExportSpec.Tar(new Destination.Stdout(), ExportSpec.PlatformSplit.AUTO, "")),
                Arguments.of("type=oci,dest=a.tar", new ExportSpec.OciArchive(file("a.tar"), ImageOptions.DEFAULT)),
                Arguments.of(
                        "dest=layout,tar=false,type=oci",
                        new ExportSpec.OciLayout(Path.of("layout"), ImageOptions.DEFAULT)),
                Arguments.of(
                        "type=oci,TAR=0,dest=layout",
                        new ExportSpec.OciLayout(Path.of("layout"), ImageOptions.DEFAULT)),
                Arguments.of(
                        "\"type=oci\",\"dest=a,b\"\"c.tar\"",
                        new ExportSpec.OciArchive(file("a,b\"c.tar"), ImageOptions.DEFAULT)),
                Arguments.of(
                        "type=docker,dest=-", new ExportSpec.DockerArchive(new Destination.Stdout(), DOCKER_TYPES)),
                Arguments.of("type=docker", new ExportSpec.DockerLoad(null, DOCKER_TYPES)),
                Arguments.of("type=docker,context=podman", new ExportSpec.DockerLoad("podman", DOCKER_TYPES)),
                Arguments.of(
                        "type=image,dangling-name-prefix=left,danging-name-empty-only=true,name-canonical=",
                        new ExportSpec.Image(
                                ImageOptions.DEFAULT,
                                true,
                                new ExportSpec.Naming(true, "docker.io/library/left", true),
                                ExportSpec.Push.NO)),
                Arguments.of(
                        "type=registry,registry.insecure=true", image(false, new ExportSpec.Push(true, false, true))),
                Arguments.of("type=image", image(true, ExportSpec.Push.NO)),
                Arguments.of("type=image,push=true", image(true, ExportSpec.Push.TAGS)),
                Arguments.of("type=registry", image(false, ExportSpec.Push.TAGS)),
                Arguments.of("type=registry,push-by-digest=true", image(false, new ExportSpec.Push(true, true, false))),
                Arguments.of("type=image,store=false,unpack=true", image(false, ExportSpec.Push.NO)),
                Arguments.of("type=cacheonly", new ExportSpec.CacheOnly()));
    }

    private static ExportSpec image(boolean store, ExportSpec.Push push) {
        return new ExportSpec.Image(ImageOptions.DEFAULT, store, ExportSpec.Naming.PLAIN, push);
    }

    private static ExportSpec local(String path) {
        return new ExportSpec.Local(Path.of(path), ExportSpec.PlatformSplit.AUTO, ExportSpec.Mode.COPY, "");
    }

    private static Destination file(String path) {
        return new Destination.File(Path.of(path));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("good")
    void reads(String text, ExportSpec expected) {
        assertThat(ExportSpec.parse(text)).isEqualTo(expected);
    }

    @Test
    void readsWhatAnImageIsLike() {
        ExportSpec spec = ExportSpec.parse("type=image,\"name=demo,localhost:5000/demo:1\",compression=zstd,"
                + "compression-level=19,force-compression=true,oci-mediatypes=false,rewrite-timestamp=false,"
                + "prefer-nondist-layers=true,source-date-epoch=1700000000,prefer-image-digest=1,"
                + "attestation-inline=true,oci-artifact=true,"
                + "annotation.org.example.Title=Demo,annotation-index[linux/arm64].a.b=c");

        assertThat(spec.imageOptions()).hasValueSatisfying(options -> {
            assertThat(options.names()).containsExactly("docker.io/library/demo:latest", "localhost:5000/demo:1");
            assertThat(options.layers()).isEqualTo(new ImageOptions.Layers(Compression.ZSTD, 19, true, false, true));
            // Docker's types have no zstd, so the OCI's are used whatever was asked for.
            assertThat(options.ociMediaTypes()).isTrue();
            assertThat(options.epoch()).isEqualTo(Instant.ofEpochSecond(1700000000));
            assertThat(options.preferImageDigest()).isTrue();
            assertThat(options.attestations()).isEqualTo(new ImageOptions.Attestations(true, true));
            assertThat(options.annotations())
                    .containsExactly(
                            new Annotation(Annotation.Level.MANIFEST, null, "org.example.Title", "Demo"),
                            new Annotation(Annotation.Level.INDEX, Platform.parse("linux/arm64"), "a.b", "c"));
        });
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        type=ocu,dest=a            | there is no type "ocu"; did you mean "oci"?
        type=podman                | there is no type "podman"; there are image, registry, oci, docker, local, tar, cacheonly
        dest=a,tar=true            | it has no type; begin it with type=image
        type=oci,dst=a.tar         | type=oci has no option "dst"; did you mean "dest"?
        type=local,compression=gzip,dest=a | type=local has no option "compression"; there are dest, platform-split, mode, attestation-prefix
        type=oci,dest=a,color=red  | type=oci has no option "color"; there are dest, tar, name
        type=oci,dest=a,prefer-nondist-layer=1 | type=oci has no option "prefer-nondist-layer"; did you mean "prefer-nondist-layers"?
        type=image,dangling-name-prefx=a | did you mean "dangling-name-prefix"?
        type=image,dangling-name-prefix=a:1 | dangling-name-prefix is a name without a tag or a digest, not "a:1"
        type=image,compatibility-version=10 | compatibility-version asks for images as older versions of BuildKit wrote them
        type=oci,source-date-epoch=now | source-date-epoch is a number of seconds since 1970, not "now"
        type=local,dest=a,attestation-prefix=../x | attestation-prefix is the beginning of file names
        type=oci,tar=maybe         | tar is true or false, not "maybe"
        type=oci,tar=false         | type=oci,tar=false needs a directory, dest=DIR
        type=local                 | type=local needs a directory, dest=DIR
        type=local,dest=-          | type=local cannot be written to standard output; type=tar,dest=- can
        type=local,dest=a,mode=x   | there is no mode "x"; use copy or delete
        type=docker,context=podman,dest=a | context is where to load the image, and dest is a file to write instead
        type=docker,tar=false,dest=a | type=docker is always an archive
        type=oci,compression=xz    | there is no compression "xz"; there are uncompressed, gzip, estargz, zstd
        type=oci,compression=gzpi  | there is no compression "gzpi"; did you mean "gzip"?
        type=oci,compression=estargz,compression-level=10 | compression level 10 is not between 0 and 9, the levels of estargz
        type=oci,compression-level=-1 | compression-level is not negative: "-1"
        type=oci,compression-level=ten | compression-level is not a number: "ten"
        type=oci,compression-level=10 | compression level 10 is not between 0 and 9
        type=oci,name=UPPER        | repository names are lower-case
        type=oci,oops              | "oops" is not KEY=VALUE
        type=tar,annotation.a=b    | type=tar is no image and has no annotations
        type=oci,annotation-layer.a=b | unknown annotation level "layer"
        """)
    void refuses(String text, String message) {
        assertThatThrownBy(() -> ExportSpec.parse(text))
                .isInstanceOfSatisfying(
                        ExportException.class, e -> assertThat(e.kind()).isEqualTo(ExportException.Kind.USAGE))
                .hasMessageContaining(message);
    }

    @Test
    void refusesAnOpenQuoteAndTheEmptyText() {
        assertThatThrownBy(() -> ExportSpec.parse("type=oci,\"dest=a"))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("a quote is not closed");
        assertThatThrownBy(() -> ExportSpec.parse(""))
                .isInstanceOf(ExportException.class)
                .hasMessageContaining("--output is empty");
    }

    @Test
    void anAnnotationMayBeForSeveralLevels() {
        assertThat(Annotation.parse("index,manifest[linux/amd64]:org.example=a:b=c"))
                .containsExactly(
                        new Annotation(Annotation.Level.INDEX, null, "org.example", "a:b=c"),
                        new Annotation(
                                Annotation.Level.MANIFEST, Platform.parse("linux/amd64"), "org.example", "a:b=c"));
        assertThat(Annotation.parse("k=v")).containsExactly(new Annotation(Annotation.Level.MANIFEST, null, "k", "v"));
        assertThatThrownBy(() -> Annotation.parse("manifest:k")).hasMessageContaining("expected KEY=VALUE");
        assertThatThrownBy(() -> Annotation.parse("layer:k=v")).hasMessageContaining("unknown annotation level");
        assertThatThrownBy(() -> Annotation.parse("index[linux:k=v")).hasMessageContaining("no closing bracket");
    }
}
