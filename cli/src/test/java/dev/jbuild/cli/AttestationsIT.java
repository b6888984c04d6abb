package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is told of images: read back from what was written, and judged by programs that know nothing of jbuild.
@Timeout(120)
class AttestationsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Jbuild jbuild;
    private Path out;

    @BeforeEach
    void prepare() throws Exception {
        jbuild = Jbuild.in(directory);
        out = Files.createDirectory(directory.resolve("out"));
    }

    @AfterEach
    void close() {
        jbuild.close();
    }

    private List<String> options(String image, String... more) {
        List<String> options = new ArrayList<>(TestImages.contexts(image));
        options.addAll(List.of(more));
        return options;
    }

    private JsonNode blob(Path layout, JsonNode descriptor) throws Exception {
        String digest = descriptor.path("digest").asText();
        return JSON.readTree(layout.resolve("blobs/sha256/" + digest.substring("sha256:".length()))
                .toFile());
    }

    private JsonNode index(Path layout) throws Exception {
        return blob(layout, JSON.readTree(layout.resolve("index.json").toFile()).at("/manifests/0"));
    }

    @Test
    void provenanceTellsWhatWasUsedAndTheListWhatIsInside() throws Exception {
        Path context = Jbuild.context(directory.resolve("context"), """
                FROM debian:bookworm-slim AS unused
                RUN --network=none --mount=type=secret,id=never true

                FROM debian:bookworm-slim
                ARG WHO
                RUN --network=none --mount=type=secret,id=token echo "$WHO" > /who
                CMD ["cat", "/who"]
                """);
        Shell.run(
                "cd \"$1\" && git init -q . && git add . && git -c user.name=a -c user.email=a@example.com commit -qm a"
                        + " && git remote add origin https://me:hidden-login@example.com/a.git && echo x > new",
                context);
        jbuild.build(
                context,
                options(
                        "debian:bookworm-slim",
                        "--provenance=mode=max,builder-id=https://ci.example.com/7",
                        "--sbom",
                        "--build-arg=WHO=me",
                        "--tag=demo:1",
                        "--output=type=oci,tar=false,dest=" + out.resolve("layout"),
                        "--output=type=tar,dest=" + out.resolve("files.tar"),
                        "--metadata-file=" + out.resolve("metadata.json")));

        JsonNode index = index(out.resolve("layout"));
        assertThat(index.findValuesAsText("architecture")).containsExactly("amd64", "unknown");
        JsonNode layers = blob(out.resolve("layout"), index.at("/manifests/1")).path("layers");
        JsonNode statement = blob(out.resolve("layout"), layers.get(0));
        assertThat(statement.at("/subject/0/digest/sha256").asText())
                .isEqualTo(index.at("/manifests/0/digest").asText().substring("sha256:".length()));
        JsonNode definition = statement.at("/predicate/buildDefinition");
        String base = Shell.run(
                        "sed -n 's/.*\"digest\":\"\\(sha256:[0-9a-f]*\\)\".*/\\1/p' \"$1\"/index.json | head -n 1",
                        TestImages.layout("debian:bookworm-slim"))
                .strip();
        assertThat(definition.path("resolvedDependencies")).hasSize(1);
        assertThat(base)
                .endsWith(definition.at("/resolvedDependencies/0/digest/sha256").asText());
        assertThat(definition
                        .at("/externalParameters/request/args/build-arg:WHO")
                        .asText())
                .isEqualTo("me");
        assertThat(definition.at("/externalParameters/request/secrets").findValuesAsText("id"))
                .containsExactly("token");
        assertThat(definition.at("/internalParameters/buildConfig/llbDefinition"))
                .hasSize(2);
        JsonNode details = statement.at("/predicate/runDetails");
        assertThat(details.at("/builder/id").asText()).isEqualTo("https://ci.example.com/7");
        assertThat(details.at("/metadata/buildkit_hermetic").asBoolean()).isTrue();
        assertThat(details.at("/metadata/buildkit_metadata/vcs/source").asText())
                .isEqualTo("https://example.com/a.git");
        assertThat(details.at("/metadata/buildkit_metadata/vcs/revision").asText())
                .matches("[0-9a-f]{40}-dirty");
        assertThat(details.at("/metadata/buildkit_metadata/layers/step1:0/0/1/digest")
                        .asText())
                .isEqualTo(blob(out.resolve("layout"), index.at("/manifests/0"))
                        .at("/layers/1/digest")
                        .asText());

        Shell.run("mkdir \"$1\"/files && tar -xf \"$1\"/files.tar -C \"$1\"/files", out);
        JsonNode packages =
                JSON.readTree(out.resolve("files/sbom.spdx.json").toFile()).at("/predicate/packages");
        List<String> listed = new ArrayList<>();
        for (JsonNode each : packages) {
            if (each.path("SPDXID").asText().startsWith("SPDXRef-deb-")) {
                listed.add(each.path("name").asText() + " "
                        + each.path("versionInfo").asText());
            }
        }
        assumeTrue(Shell.has("dpkg-query"), "needs dpkg");
        assertThat(listed)
                .containsExactlyInAnyOrderElementsOf(Shell.run(
                                "dpkg-query --admindir=\"$1\"/files/var/lib/dpkg -W -f '${Package} ${Version}\\n'", out)
                        .lines()
                        .toList());
        assertThat(blob(out.resolve("layout"), layers.get(1))
                        .path("predicateType")
                        .asText())
                .isEqualTo("https://spdx.dev/Document");
        JsonNode metadata = JSON.readTree(out.resolve("metadata.json").toFile());
        assertThat(metadata.at("/buildx.build.provenance/buildDefinition/resolvedDependencies"))
                .hasSize(1);
        assertThat(metadata.at("/buildx.build.provenance").findValue("llbDefinition"))
                .isNull();
        assertThat(Shell.run("grep -rl hidden-login \"$1\" || :", out)).isEmpty();
    }

    @Test
    void aScannerImageSeesTheImageStagesAndContext() throws Exception {
        Path scanner = Jbuild.context(directory.resolve("scanner"), """
                FROM busybox
                COPY --chmod=755 <<'EOF' /scan
                #!/bin/sh
                set -e
                list() {
                  printf '{"_type":"x","predicateType":"https://spdx.dev/Document","predicate":{"files":"%s"}}' \\
                    "$(ls "$1" | tr '\\n' ' ')" > "$BUILDKIT_SCAN_DESTINATION/$(basename "$1").spdx.json"
                }
                list "$BUILDKIT_SCAN_SOURCE"
                for each in "$BUILDKIT_SCAN_SOURCE_EXTRAS"/*; do list "$each"; done
                ! touch "$BUILDKIT_SCAN_SOURCE/new" 2>/dev/null
                EOF
                ENTRYPOINT ["/scan"]
                """);
        jbuild.build(scanner, options("busybox", "--output=type=oci,tar=false,dest=" + out.resolve("scanner")));
        Path context = Jbuild.context(directory.resolve("context"), """
                ARG BUILDKIT_SBOM_SCAN_CONTEXT=true
                FROM busybox AS skipped
                FROM busybox AS base
                ARG BUILDKIT_SBOM_SCAN_STAGE=true
                WORKDIR /only-in-base
                FROM scratch
                COPY --from=base /etc/passwd /app
                """);
        List<String> options = options(
                "busybox",
                "--build-context=scan=oci-layout://" + out.resolve("scanner"),
                "--attest=type=sbom,generator=scan",
                "--output=" + out.resolve("files"));
        jbuild.build(context, options);
        assertThat(out.resolve("files")).isDirectoryContaining("glob:**/app");
        assertThat(files("sbom")).isEqualTo("app ");
        assertThat(files("sbom-base")).contains(" only-in-base ");
        assertThat(files("sbom-context")).isEqualTo("Dockerfile ");
        PlainLog again = jbuild.build(context, options);
        assertThat(again.cached()).anyMatch(step -> step.contains("[\"/scan\"]"));

        Files.writeString(scanner.resolve("Dockerfile"), "FROM busybox\nENTRYPOINT [\"true\"]\n");
        jbuild.build(scanner, options("busybox", "--output=type=oci,tar=false,dest=" + out.resolve("silent")));
        options.add("--build-context=scan=oci-layout://" + out.resolve("silent"));
        Outcome silent = jbuild.tryBuild(context, options);
        assertThat(silent.code()).isNotZero();
        assertThat(silent.err()).contains("the SBOM generator scan wrote no file *.spdx.json");
    }

    private String files(String list) throws Exception {
        return JSON.readTree(out.resolve("files/" + list + ".spdx.json").toFile())
                .at("/predicate/files")
                .asText();
    }

    @Test
    void withOneTimeTheIndexIsTheSameEachTime() throws Exception {
        Path context =
                Jbuild.context(directory.resolve("context"), "FROM busybox\nRUN echo hello > /hello\nCMD cat /hello\n");
        List<String> digests = new ArrayList<>();
        for (String name : List.of("a", "b")) {
            List<String> options = options(
                    "busybox",
                    "--provenance=mode=max",
                    "--sbom=format=cyclonedx",
                    "--no-cache",
                    "--tag=demo:1",
                    "--output=type=oci,tar=false,dest=" + out.resolve(name));
            jbuild.with("SOURCE_DATE_EPOCH", "1700000000").build(context, options);
            digests.add(JSON.readTree(out.resolve(name + "/index.json").toFile())
                    .at("/manifests/0/digest")
                    .asText());
        }
        assertThat(digests.getFirst()).isEqualTo(digests.getLast());
        othersTakeIt();
    }

    @Test
    void attestationsGoThroughARegistry() throws Exception {
        try (TestRegistry registry = TestRegistry.start(directory.resolve("registry"))) {
            String name = registry.direct() + "/team/app:1";
            Path context = Jbuild.context(
                    directory.resolve("context"), "FROM busybox\nRUN echo hello > /hello\nCMD [\"cat\", \"/hello\"]\n");
            jbuild.build(
                    context, options("busybox", "--provenance=mode=max", "--sbom=true", "--push", "--tag=" + name));

            String raw = raw(name);
            JsonNode index = JSON.readTree(raw);
            assertThat(index.findValuesAsText("architecture")).containsExactly("amd64", "unknown");
            assertThat(jbuild.run("imagetools", "inspect", "--raw", name).out()).isEqualTo(raw);
            assertThat(jbuild.run("imagetools", "inspect", name).out())
                    .contains("Platform:    linux/amd64", "Platform:    unknown/unknown")
                    .contains("vnd.docker.reference.type: attestation-manifest")
                    .contains("vnd.docker.reference.digest: "
                            + index.at("/manifests/0/digest").asText());
            JsonNode provenance = shown("Provenance", name);
            assertThat(provenance.at("/SLSA/buildDefinition/internalParameters/buildConfig/llbDefinition"))
                    .isNotEmpty();
            JsonNode list = shown("SBOM", name);
            assertThat(list.at("/SPDX/spdxVersion").asText()).startsWith("SPDX-2.");

            // There and back through somebody else's hands.
            String back = registry.direct() + "/back/app:1";
            Shell.run(
                    "skopeo --insecure-policy copy -q --all --src-tls-verify=false docker://$1 oci:$3/copied:1"
                            + " && skopeo --insecure-policy copy -q --all --dest-tls-verify=false oci:$3/copied:1 docker://$2",
                    name,
                    back,
                    out);
            assertThat(raw(back)).isEqualTo(raw);
            assertThat(shown("Provenance", back)).isEqualTo(provenance);
            assertThat(shown("SBOM", back)).isEqualTo(list);

            // And through an archive of ours, from a store that never built it.
            Jbuild other = new Jbuild(jbuild.launcher(), directory.resolve("other"), Map.of());
            Jbuild third = new Jbuild(jbuild.launcher(), directory.resolve("third"), Map.of());
            String archive = out.resolve("saved.tar").toString();
            other.run("pull", "-q", "--all-platforms", name);
            other.run("save", "--format=oci", "-o", archive, name);
            third.run("load", "-q", "-i", archive);
            third.run("tag", name, registry.direct() + "/loaded/app:1");
            third.run("push", "-q", registry.direct() + "/loaded/app:1");
            assertThat(raw(registry.direct() + "/loaded/app:1")).isEqualTo(raw);
            assertThat(shown("SBOM", registry.direct() + "/loaded/app:1")).isEqualTo(list);

            Path later = Jbuild.context(
                    directory.resolve("later"), "FROM " + name + "\nRUN test \"$(cat /hello)\" = hello\n");
            other.build(later, List.of("--output=type=cacheonly"));
            podmanRuns("--tls-verify=false " + name);
        }
    }

    private static String raw(String name) {
        return Shell.run("skopeo inspect --raw --tls-verify=false docker://$1", name);
    }

    private JsonNode shown(String what, String name) throws Exception {
        return JSON.readTree(jbuild.run("imagetools", "inspect", "--format", "{{json ." + what + "}}", name)
                .out());
    }

    private void othersTakeIt() {
        assumeTrue(Shell.has("podman") && Shell.has("skopeo"), "needs podman and skopeo");
        Shell.run(
                "skopeo --insecure-policy copy -q --all oci:\"$1\"/a:1 oci:\"$1\"/copied:1 && test \"$(ls"
                        + " \"$1\"/a/blobs/sha256)\" = \"$(ls \"$1\"/copied/blobs/sha256)\"",
                out);
        podmanRuns("oci:\"$1\"/a:1");
    }

    private void podmanRuns(String image) {
        assumeTrue(Shell.has("podman"), "needs podman");
        String podman = "podman --root \"$1\"/root --runroot \"$1\"/run --storage-driver vfs"
                + " --cgroup-manager cgroupfs --events-backend none ";
        String run = podman + "pull -q " + image + " > \"$1\"/id; " + podman
                + "--runtime crun run --cgroups disabled --pull never --rm --network none"
                + " --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 $(cat \"$1\"/id)";
        String bare = "unshare --mount sh -euc 'mount -t tmpfs none /sys/fs/cgroup; " + run + "' sh \"$1\"";
        assertThat(Shell.run(bare, out)).isEqualTo("hello\n");
        Shell.run("rm -rf \"$1\"/root", out);
    }
}
