package dev.jbuild.layerstore.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OciJsonTest {
    private static final Digest A = Digest.of("a".getBytes(UTF_8));
    private static final Digest B = Digest.of("b".getBytes(UTF_8));

    @Test
    void writesAConfigurationAsBuildKitDoes() throws OciFormatException {
        ImageConfig config = new ImageConfig(
                new Platform("linux", "arm", "v7"),
                Instant.parse("2024-02-29T12:00:00.120Z"),
                null,
                ContainerConfig.EMPTY.toBuilder()
                        .user("app")
                        .exposePort("8080/tcp")
                        .exposePort("53/udp")
                        .env("PATH", "/bin")
                        .env("A", "1")
                        .env("PATH", "/usr/bin")
                        .entrypoint(List.of("/app"))
                        .cmd(List.of("--help", "ä\"<&>"))
                        .volume("/data")
                        .workingDir("/w")
                        .label("z", "1")
                        .label("a", "2")
                        .stopSignal("SIGINT")
                        .argsEscaped(true)
                        .healthcheck(new Healthcheck(
                                List.of("CMD", "true"),
                                Duration.ofSeconds(5),
                                Duration.ZERO,
                                Duration.ofMillis(1500),
                                Duration.ZERO,
                                3))
                        .onBuild(List.of("RUN true"))
                        .shell(List.of("/bin/ash", "-c"))
                        .build(),
                List.of(new DiffId(A)),
                List.of(
                        new History(Instant.EPOCH, "ADD x /", null, "imported", false),
                        new History(null, "ENV A=1", "me", null, true)));

        String json = new String(OciJson.write(config), UTF_8);

        assertThat(json).isEqualTo("""
                        {"architecture":"arm","config":{"User":"app","ExposedPorts":{"53/udp":{},"8080/tcp":{}},\
                        "Env":["PATH=/usr/bin","A=1"],"Entrypoint":["/app"],"Cmd":["--help","ä\\"<&>"],\
                        "Volumes":{"/data":{}},"WorkingDir":"/w","Labels":{"a":"2","z":"1"},"StopSignal":"SIGINT",\
                        "ArgsEscaped":true,"Healthcheck":{"Test":["CMD","true"],"Interval":5000000000,\
                        "StartPeriod":1500000000,"Retries":3},"OnBuild":["RUN true"],"Shell":["/bin/ash","-c"]},\
                        "created":"2024-02-29T12:00:00.12Z","history":[{"created":"1970-01-01T00:00:00Z",\
                        "created_by":"ADD x /","comment":"imported"},{"created_by":"ENV A=1","author":"me",\
                        "empty_layer":true}],"os":"linux","rootfs":{"type":"layers","diff_ids":["%s"]},\
                        "variant":"v7"}""".formatted(A));
        assertThat(read(json)).isEqualTo(config);
    }

    @Test
    void anEmptyConfigurationIsSmall() {
        ImageConfig empty = ImageConfig.empty(new Platform("linux", "amd64", null));

        assertThat(OciJson.write(empty))
                .asString(UTF_8)
                .isEqualTo("{\"architecture\":\"amd64\",\"config\":{},\"os\":\"linux\","
                        + "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
    }

    @Test
    void readsWhatOtherToolsLeaveInConfigurations() throws OciFormatException {
        ImageConfig config = read("""
                {"os":"linux","architecture":"amd64","docker_version":"1.2","container_config":{"Env":null},
                 "created":"2020-01-01T02:00:00.000000001+02:00","id":null,"author":"",
                 "config":{"Hostname":"h","Cmd":null,"Entrypoint":[],"Labels":null,"Volumes":{"/v":{"x":[1,{}]}},
                           "Healthcheck":null,"Env":["A=1","A=2"]},
                 "history":null,"rootfs":{"type":"layers","diff_ids":null},"os.version":"1"}""");

        assertThat(config.created()).isEqualTo(Instant.ofEpochSecond(1577836800, 1));
        assertThat(config.author()).isNull();
        assertThat(config.config().cmd()).isNull();
        assertThat(config.config().entrypoint()).isNull();
        assertThat(config.config().volumes()).containsExactly("/v");
        assertThat(config.config().env("A")).contains("2");
        assertThat(config.config().env("B")).isEmpty();
    }

    @Test
    void manifestsAndIndexesRoundTrip() throws OciFormatException {
        Descriptor config = new Descriptor(MediaType.OCI_CONFIG, A, 2);
        Descriptor layer = new Descriptor(
                MediaType.OCI_LAYER_GZIP,
                B,
                1L << 40,
                new Platform("linux", "arm64", null),
                Map.of("b", "1", "a", "2"));
        ImageManifest manifest = new ImageManifest(
                MediaType.OCI_MANIFEST, config, List.of(layer, layer), Map.of("k", "v"), "application/x", config);
        ImageIndex index = new ImageIndex(MediaType.DOCKER_INDEX, List.of(layer), Map.of());

        assertThat(OciJson.write(manifest))
                .asString(UTF_8)
                .startsWith("{\"schemaVersion\":2,\"mediaType\":\"" + MediaType.OCI_MANIFEST
                        + "\",\"artifactType\":\"application/x\",\"config\":{\"mediaType\":\"" + MediaType.OCI_CONFIG
                        + "\",\"digest\":\"" + A + "\",\"size\":2},\"layers\":[{")
                .contains("\"size\":1099511627776,\"annotations\":{\"a\":\"2\",\"b\":\"1\"},"
                        + "\"platform\":{\"architecture\":\"arm64\",\"os\":\"linux\"}}")
                .endsWith("\"annotations\":{\"k\":\"v\"}}");
        assertThat(OciJson.readManifest(OciJson.write(manifest))).isEqualTo(manifest);
        assertThat(OciJson.readIndex(OciJson.write(index))).isEqualTo(index);
        assertThat(OciJson.readDescriptor(OciJson.writeDescriptor(layer))).isEqualTo(layer);
    }

    @Test
    void aMissingMediaTypeIsTheOcis() throws OciFormatException {
        assertThat(OciJson.readIndex(bytes("{\"schemaVersion\":2,\"manifests\":[]}"))
                        .mediaType())
                .isEqualTo(MediaType.OCI_INDEX);
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                           | not JSON: ",
                "[]                                          | expected an object",
                "{\"config\":{}} {}                          | at config.digest: is missing",
                "{\"config\":7}                              | at config: expected an object",
                "{\"config\":{\"digest\":\"sha256:zz\"}}     | at config.digest: not a sha256 digest: \"zz\"",
                "{\"config\":{\"digest\":\"D\"}}             | at config.size: is missing",
                "{\"config\":{\"digest\":\"D\",\"size\":-1}} | is negative: -1",
                "{\"config\":{\"digest\":\"D\",\"size\":1.5}}| at config.size: expected a whole number",
                "{\"config\":{\"digest\":\"D\",\"size\":99999999999999999999}} | not JSON: Numeric value",
                "{\"layers\":[C,{}]}                         | at layers[1].digest: is missing",
                "{\"layers\":[]}                             | at config: is missing",
                "{\"config\":C}                              | at layers: is missing",
                "{\"config\":C,\"layers\":[]} x              | not JSON: ",
                "{\"config\":C,\"layers\":[]} []             | there is more text",
                "{\"config\":C,\"layers\":[],\"mediaType\":\"x\"} | not the media type of a manifest: \"x\"",
                "{\"config\":C,\"layers\":[],\"manifests\":[]} | it has manifests and so is an image index",
                "{\"schemaVersion\":1}                       | at schemaVersion: Docker's schema 1 is not supported",
                "{\"annotations\":{\"a\":{}}}                | at annotations.a: expected a string",
                "{\"config\":{\"platform\":{\"os\":\"a/b\",\"architecture\":\"c\"}}} | at config.platform: not part of a",
            })
    void namesTheFieldThatIsWrong(String json, String problem) {
        String descriptor = "{\"mediaType\":\"x\",\"digest\":\"" + A + "\",\"size\":1}";
        String text = json.replace("\"D\"", "\"" + A + "\"").replace("C", descriptor);

        assertThatThrownBy(() -> OciJson.readManifest(bytes(text)))
                .isInstanceOf(OciFormatException.class)
                .hasMessageStartingWith("invalid manifest")
                .hasMessageContaining(problem);
    }

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"architecture\":\"amd64\",\"rootfs\":{}}        | at os: is missing",
                "{\"os\":\"linux\",\"architecture\":\"amd64\"}     | at rootfs: is missing",
                "{\"rootfs\":{\"type\":\"x\"}}                     | at rootfs.type: expected \"layers\"",
                "{\"rootfs\":{\"diff_ids\":[\"x\"]}}               | at rootfs.diff_ids[0]: not a sha256 digest",
                "{\"created\":\"yesterday\"}                       | at created: not a time",
                "{\"config\":{\"Env\":[[]]}}                       | at config.Env[0]: expected a string",
                "{\"config\":{\"Healthcheck\":{\"Interval\":-1}}}  | at config.Healthcheck: interval of a health check",
                "{\"history\":[{\"empty_layer\":\"yes\"}]}         | at history[0].empty_layer: expected true or false",
            })
    void namesTheFieldOfAConfigurationThatIsWrong(String json, String problem) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(OciFormatException.class)
                .hasMessageStartingWith("invalid image configuration at ")
                .hasMessageContaining(problem);
    }

    @Test
    void refusesHugeAndDeepDocuments() {
        byte[] huge = new byte[OciJson.MAX_MANIFEST + 1];
        String deep = "{\"x\":" + "[".repeat(5000) + "]".repeat(5000) + "}";

        assertThatThrownBy(() -> OciJson.readIndex(huge)).hasMessageContaining("4194305 bytes are more");
        assertThatThrownBy(() -> OciJson.readIndex(bytes(deep))).hasMessageContaining("nesting depth");
    }

    private static ImageConfig read(String json) throws OciFormatException {
        return OciJson.readConfig(bytes(json));
    }

    private static byte[] bytes(String json) {
        return json.getBytes(UTF_8);
    }
}
