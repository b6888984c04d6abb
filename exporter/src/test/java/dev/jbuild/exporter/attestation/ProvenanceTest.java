package dev.jbuild.exporter.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.exporter.attestation.Provenance.ConfigSource;
import dev.jbuild.exporter.attestation.Provenance.Form;
import dev.jbuild.exporter.attestation.Provenance.Lines;
import dev.jbuild.exporter.attestation.Provenance.Mode;
import dev.jbuild.exporter.attestation.Provenance.Need;
import dev.jbuild.exporter.attestation.Provenance.Resource;
import dev.jbuild.exporter.attestation.Provenance.SourceText;
import dev.jbuild.exporter.attestation.Provenance.Step;
import dev.jbuild.exporter.attestation.Provenance.Version;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvenanceTest {
    private static final String COMMIT = "80442883d06f9ad3406371809a009612a97efd15";
    private static final Digest BASE = Digest.of("base".getBytes(StandardCharsets.UTF_8));

    private static Provenance provenance() {
        Map<String, Object> source = Map.of("identifier", "docker-image://busybox");
        return new Provenance(
                new ConfigSource("https://me:pass@example.com/a.git#main", Map.of("sha1", COMMIT), "Dockerfile"),
                new TreeMap<>(Map.of("build-arg:WHO", "me", "build-arg:NONE", "", "label:a", "b", "target", "web")),
                List.of(new Need("token", true), new Need("token", false)),
                List.of(new Need("default", true)),
                List.of("context"),
                "linux/amd64",
                List.of(new Resource("pkg:docker/busybox@1?platform=linux%2Famd64", Map.of("sha256", BASE.hex()))),
                List.of(
                        new Step("sha256:1", Map.of("Op", Map.of("source", source)), List.of(), null, List.of()),
                        new Step(
                                "sha256:2",
                                Map.of("Op", Map.of("exec", Map.of("cwd", "/"))),
                                List.of(0),
                                new Lines(2, 4),
                                List.of(new Descriptor("application/x", BASE, 5)))),
                new SourceText("Dockerfile", "ADD https://me:pass@example.com/a /\n"),
                new TreeMap<>(Map.of("revision", COMMIT)),
                true,
                false,
                Instant.parse("2024-02-29T12:00:00.5Z"),
                Instant.parse("2024-02-29T12:00:01.5Z"),
                "id");
    }

    private static String in(Mode mode, Version version) {
        return provenance()
                .in(new Form(mode, version, "https://ci.example.com/1", true, false, "provenance.json"))
                .json();
    }

    @Test
    void theLeastIsWhatTheBuildBeganWithAndWhatItUsed() {
        assertThat(in(Mode.MIN, Version.V1)).isEqualTo("""
                {"buildDefinition":{\
                "buildType":"https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md",\
                "externalParameters":{"configSource":{"uri":"https://example.com/a.git#main",\
                "digest":{"sha1":"%1$s"},"path":"Dockerfile"},\
                "request":{"frontend":"dockerfile.v0","args":{"target":"web"},"locals":[{"name":"context"}]}},\
                "internalParameters":{"builderPlatform":"linux/amd64"},\
                "resolvedDependencies":[{"uri":"pkg:docker/busybox@1?platform=linux%%2Famd64",\
                "digest":{"sha256":"%2$s"}}]},\
                "runDetails":{"builder":{"id":"https://ci.example.com/1"},"metadata":{"invocationID":"id",\
                "startedOn":"2024-02-29T12:00:00Z","finishedOn":"2024-02-29T12:00:01Z",\
                "buildkit_metadata":{"vcs":{"revision":"%1$s"}},"buildkit_hermetic":true,\
                "buildkit_completeness":{"request":false,"resolvedDependencies":false},\
                "buildkit_reproducible":true}}}\
                """.formatted(COMMIT, BASE.hex()));
    }

    @Test
    void theMostHasArgumentsStepsSourceAndLayersToo() {
        String text =
                Base64.getEncoder().encodeToString("ADD https://example.com/a /\n".getBytes(StandardCharsets.UTF_8));
        assertThat(in(Mode.MAX, Version.V1))
                .contains(
                        "\"args\":{\"build-arg:NONE\":\"\",\"build-arg:WHO\":\"me\",\"label:a\":\"b\",\"target\":\"web\"}")
                .contains("\"secrets\":[{\"id\":\"token\"}],\"ssh\":[{\"id\":\"default\",\"optional\":true}]")
                .contains("{\"id\":\"step1\",\"op\":{\"Op\":{\"exec\":{\"cwd\":\"/\"}}},\"inputs\":[\"step0:0\"]}")
                .contains("\"digestMapping\":{\"sha256:1\":\"step0\",\"sha256:2\":\"step1\"}")
                .contains("\"step1\":{\"locations\":[{\"ranges\":[{\"start\":{\"line\":2},\"end\":{\"line\":4}}]}]}")
                .contains("\"data\":\"" + text + "\"")
                .contains("\"layers\":{\"step1:0\":[[{\"mediaType\":\"application/x\",\"digest\":\"" + BASE
                        + "\",\"size\":5}]]}")
                .contains("\"request\":true")
                .doesNotContain("pass");
    }

    @Test
    void theOlderVersionSaysTheSameInOtherPlaces() {
        assertThat(in(Mode.MIN, Version.V02)).isEqualTo("""
                {"builder":{"id":"https://ci.example.com/1"},"buildType":"https://mobyproject.org/buildkit@v1",\
                "materials":[{"uri":"pkg:docker/busybox@1?platform=linux%%2Famd64","digest":{"sha256":"%2$s"}}],\
                "invocation":{"configSource":{"uri":"https://example.com/a.git#main","digest":{"sha1":"%1$s"},\
                "entryPoint":"Dockerfile"},\
                "parameters":{"frontend":"dockerfile.v0","args":{"target":"web"},"locals":[{"name":"context"}]},\
                "environment":{"platform":"linux/amd64"}},\
                "metadata":{"buildInvocationID":"id","buildStartedOn":"2024-02-29T12:00:00Z",\
                "buildFinishedOn":"2024-02-29T12:00:01Z",\
                "completeness":{"parameters":false,"environment":true,"materials":false},"reproducible":true,\
                "https://mobyproject.org/buildkit@v1#metadata":{"vcs":{"revision":"%1$s"}},\
                "https://mobyproject.org/buildkit@v1#hermetic":true}}\
                """.formatted(COMMIT, BASE.hex()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            https://me:secret@example.com/a        | https://example.com/a
            git clone https://token@host/x.git y   | git clone https://host/x.git y
            http://a:b@one ftp://c@two             | http://one ftp://two
            ssh://git@example.com/a                | ssh://git@example.com/a
            docker-image://alpine@sha256:abc       | docker-image://alpine@sha256:abc
            me@example.com                         | me@example.com
            https://example.com/?to=me@example.com | https://example.com/?to=me@example.com
            """)
    void loginsAreTakenOutOfUrls(String text, String shown) {
        assertThat(Redaction.text(text)).isEqualTo(shown);
    }
}
