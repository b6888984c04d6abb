package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import dev.jbuild.layerstore.fake.TestKey;
import dev.jbuild.layerstore.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Builds from a registry and into one: what is asked of it, and what is not.
@Timeout(120)
class RegistryBuildsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EMPTY = "FROM scratch\nCOPY Dockerfile /\n";

    @TempDir
    Path directory;

    private Jbuild jbuild;

    @BeforeEach
    void prepare() throws Exception {
        jbuild = Jbuild.in(directory);
    }

    @AfterEach
    void close() {
        jbuild.close();
    }

    private Path context(String dockerfile) throws Exception {
        return Jbuild.context(directory.resolve("context"), dockerfile);
    }

    private static List<String> layers(String name) throws Exception {
        List<String> layers = new ArrayList<>();
        JsonNode manifest = JSON.readTree(Shell.run("skopeo inspect --raw --tls-verify=false docker://$1", name));
        manifest.path("layers").forEach(layer -> layers.add(layer.path("digest").asText()));
        return layers;
    }

    private static List<String> uploads(List<String> asked) {
        return asked.stream()
                .filter(line -> line.startsWith("PUT ") && line.contains("/blobs/uploads/"))
                .toList();
    }

    @Test
    void layersThatTheRegistryHasElsewhereAreMountedAndNotSent() throws Exception {
        try (TestRegistry registry = TestRegistry.start(directory.resolve("registry"))) {
            registry.put("busybox", "base:1");
            Path context = context("FROM " + registry.host() + "/base:1\nRUN echo made > /made\n");

            jbuild.build(context, List.of("--push", "--tag=" + registry.host() + "/team/app:1"));

            List<String> asked = registry.asked();
            String base = layers(registry.direct() + "/base:1").getFirst();
            List<String> layers = layers(registry.direct() + "/team/app:1");
            assertThat(layers).hasSize(2).startsWith(base);
            assertThat(asked)
                    .contains("POST /v2/team/app/blobs/uploads/?mount=" + base + "&from=base")
                    .filteredOn(line -> line.contains("?mount="))
                    .hasSize(1);
            // The new layer and the configuration.
            assertThat(uploads(asked)).hasSize(2).noneMatch(line -> line.contains(base));

            // And from where an earlier push put them.
            jbuild.build(context, List.of("--push", "--tag=" + registry.host() + "/other/app:1"));

            asked = registry.asked();
            assertThat(asked)
                    .contains("POST /v2/other/app/blobs/uploads/?mount=" + layers.getLast() + "&from=team/app");
            assertThat(uploads(asked))
                    .hasSize(1)
                    .noneMatch(line -> layers.stream().anyMatch(line::contains));
            assertThat(layers(registry.direct() + "/other/app:1")).isEqualTo(layers);
        }
    }

    @Test
    void tagsAreAskedForWhenTheirTimeIsOverAndNeverOffline() throws Exception {
        try (TestRegistry registry = TestRegistry.start(directory.resolve("registry"))) {
            registry.put("busybox", "base:1");
            String manifest = "/v2/base/manifests/";
            String busybox = "FROM " + registry.host() + "/base:1\nRUN echo made > /made\n";
            Path context = context(busybox);

            jbuild.build(context, List.of());
            assertThat(registry.asked()).startsWith("GET " + manifest + "1");
            jbuild.build(context, List.of("--tag-ttl=1h"));
            assertThat(registry.asked()).isEmpty();
            jbuild.build(context, List.of("--tag-ttl=0"));
            assertThat(registry.asked()).containsExactly("HEAD " + manifest + "1");
            jbuild.build(context, List.of("--pull"));
            assertThat(registry.asked()).containsExactly("HEAD " + manifest + "1");

            // The tag moves: nobody notices until it is asked for.
            registry.put("debian:bookworm-slim", "base:1");
            assertThat(jbuild.build(context, List.of("--offline", "--tag-ttl=0"))
                            .cached())
                    .anyMatch(step -> step.contains("RUN echo made"));
            assertThat(registry.asked()).isEmpty();
            context("FROM " + registry.host() + "/base:1\nCOPY Dockerfile /\n");
            jbuild.build(context, List.of("--tag-ttl=0", "--output=type=cacheonly"));
            assertThat(registry.asked()).startsWith("HEAD " + manifest + "1", "GET " + manifest + "1");

            // What is not there is refused, once, and nobody is asked.
            context("FROM " + registry.host() + "/base:2\nRUN true\n");
            Outcome refused = jbuild.tryBuild(context, List.of("--offline"));
            assertThat(refused.code()).isNotZero();
            assertThat(refused.err())
                    .containsOnlyOnce("ERROR: ")
                    .contains("base:2: not in the store, and jbuild is offline: build once without --offline");
            Outcome push = jbuild.with("JBUILD_OFFLINE", "true")
                    .tryBuild(context(EMPTY), List.of("--push", "--tag=" + registry.host() + "/app:1"));
            assertThat(push.code()).isNotZero();
            assertThat(push.err()).contains("--offline: nothing can be pushed");
            assertThat(registry.asked()).isEmpty();
        }
    }

    @Test
    void loginsAreFoundWhereTheManualSays() throws Exception {
        // The password is "secret".
        Path passwords = Files.writeString(
                directory.resolve("htpasswd"), "ci:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n");
        String settings = "auth: {htpasswd: {realm: test, path: " + passwords + "}}";
        try (TestRegistry registry = TestRegistry.start(directory.resolve("registry"), "", settings)) {
            Path context = context(EMPTY);
            String name = registry.host() + "/team/app:";
            List<String> output = List.of("--output=type=registry,name=" + name + "1");
            String pair = Base64.getEncoder().encodeToString("ci:secret".getBytes(StandardCharsets.UTF_8));
            String json = "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"" + pair + "\"}}}";

            Outcome stranger = jbuild.tryBuild(context, output);
            assertThat(stranger.code()).isNotZero();
            assertThat(stranger.err()).contains("login needed").contains("docker login " + registry.host());
            Outcome wrong = jbuild.with("PASSWORD", "hunter2")
                    .tryBuild(context, with(output, "host=" + registry.host() + ",user=ci,env=PASSWORD"));
            assertThat(wrong.code()).isNotZero();
            assertThat(wrong.err()).contains("(401").doesNotContain("hunter2");

            jbuild.with("PASSWORD", "secret")
                    .build(context, with(output, "host=" + registry.host() + ",user=ci,env=PASSWORD"));
            jbuild.with("CONFIG", json).build(context, with(output, "env=CONFIG"));
            jbuild.with("JBUILD_REGISTRY_AUTH", json).build(context, output);
            jbuild.with("DOCKER_AUTH_CONFIG", json).build(context, output);
            Path file = Files.writeString(directory.resolve("auth.json"), json);
            jbuild.with("REGISTRY_AUTH_FILE", file.toString()).build(context, output);
            assertThat(Shell.run(
                            "skopeo inspect --tls-verify=false --creds ci:secret --format '{{.Name}}' docker://$1",
                            registry.direct() + "/team/app:1"))
                    .isEqualTo(registry.direct() + "/team/app\n");
            assertThat(Shell.run("grep -rlE 'hunter2|" + pair + "' $1 || :", jbuild.store()))
                    .isEmpty();
        }
    }

    private static List<String> with(List<String> options, String login) {
        List<String> all = new ArrayList<>(options);
        all.add("--registry-auth=" + login);
        return all;
    }

    @Test
    void anInsecureRegistryMayHaveAnyCertificateOrNone() throws Exception {
        TestKey key = TestKey.make(directory);
        String tls = "{certificate: " + key.certificateFile() + ", key: " + key.keyFile() + "}";
        Path context = context(EMPTY);
        try (TestRegistry plain = TestRegistry.start(directory.resolve("plain"));
                TestRegistry secure = TestRegistry.start(directory.resolve("secure"), tls, "")) {
            // TLS is tried first, and then none.
            for (String host : List.of(plain.direct(), secure.direct())) {
                jbuild.build(context, List.of("--output=type=registry,registry.insecure=true,name=" + host + "/app:1"));
                assertThat(Shell.run(
                                "skopeo inspect --tls-verify=false --format '{{.Name}}' docker://$1", host + "/app:1"))
                        .isEqualTo(host + "/app\n");
            }
            Path config = Files.writeString(
                    directory.resolve("tls.toml"), "[registry.\"" + secure.direct() + "\"]\nhttp = false\n");
            Outcome refused = jbuild.tryBuild(
                    context,
                    List.of("--config=" + config, "--output=type=registry,name=" + secure.direct() + "/app:2"));
            assertThat(refused.code()).isNotZero();
            assertThat(refused.err()).contains("TLS with " + secure.direct() + " failed");
        }
    }

    @Test
    void layersThatTheirPublisherKeepsArePushedUnlessPreferred() throws Exception {
        Path base = directory.resolve("base");
        jbuild.build(context(EMPTY), List.of("--output=type=oci,tar=false,dest=" + base));
        String index = Files.readString(base.resolve("index.json"));
        String image = JSON.readTree(index).at("/manifests/0/digest").asText();
        Path blobs = base.resolve("blobs/sha256");
        String manifest = Files.readString(blobs.resolve(hex(image)));
        String layer = JSON.readTree(manifest).at("/layers/0/digest").asText();
        String kept = manifest.replace(
                "\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\"",
                "\"mediaType\":\"application/vnd.oci.image.layer.nondistributable.v1.tar+gzip\","
                        + "\"urls\":[\"https://example.com/layer\"]");
        assertThat(kept).isNotEqualTo(manifest);
        String digest = Digest.of(kept.getBytes(StandardCharsets.UTF_8)).toString();
        Files.writeString(blobs.resolve(hex(digest)), kept);
        Files.writeString(
                base.resolve("index.json"),
                index.replace(image, digest).replace("\"size\":" + manifest.length(), "\"size\":" + kept.length()));

        Path context = context("FROM base\nCOPY Dockerfile /own\n");
        String allow = "validation: {manifests: {urls: {allow: ['^https://example[.]com/']}}}";
        for (boolean prefer : new boolean[] {true, false}) {
            try (TestRegistry registry = TestRegistry.start(directory.resolve("registry-" + prefer), "", allow)) {
                jbuild.build(
                        context,
                        List.of(
                                "--build-context=base=oci-layout://" + base,
                                "--output=type=registry,prefer-nondist-layers=" + prefer + ",name=" + registry.host()
                                        + "/app:1"));

                assertThat(uploads(registry.asked()).stream().anyMatch(line -> line.contains(layer)))
                        .isEqualTo(!prefer);
                JsonNode pushed = JSON.readTree(
                        Shell.run("skopeo inspect --raw --tls-verify=false docker://$1", registry.direct() + "/app:1"));
                assertThat(pushed.at("/layers/0/digest").asText()).isEqualTo(layer);
                assertThat(pushed.at("/layers/0/mediaType").asText())
                        .isEqualTo("application/vnd.oci.image.layer." + (prefer ? "nondistributable." : "")
                                + "v1.tar+gzip");
                assertThat(pushed.at("/layers/0/urls/0").asText()).isEqualTo(prefer ? "https://example.com/layer" : "");
            }
        }
    }

    private static String hex(String digest) {
        return digest.substring("sha256:".length());
    }
}
