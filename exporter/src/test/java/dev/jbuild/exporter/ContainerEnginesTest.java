package dev.jbuild.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.LayerStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Loads into engines that are scripts on the `PATH`.
class ContainerEnginesTest {
    @TempDir
    private Path dir;

    private Path bin = Path.of("");

    @BeforeEach
    void makeBin() throws IOException {
        bin = Files.createDirectory(dir.resolve("bin"));
    }

    /// A program that does this.
    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// An engine that answers and keeps what it is given, beside a note of how it was called.
    private void engine(String name) throws IOException {
        program(name, """
                case "$*" in
                  *load*|*import*) echo "%s $*" > "$OUT/called"; /bin/cat > "$OUT/loaded.tar" ;;
                esac
                """.formatted(name));
    }

    private ContainerEngines engines(String... variables) {
        Map<String, String> environment = new HashMap<>(Map.of("PATH", bin.toString(), "OUT", dir.toString()));
        for (String variable : variables) {
            int equals = variable.indexOf('=');
            environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
        return new ContainerEngines(environment);
    }

    private void load(String output, ContainerEngines engines) throws IOException, InterruptedException {
        try (LayerStore store = LayerStore.open(dir.resolve("store"))) {
            ExportSpec spec = ExportSpec.parse(output);
            Exporter.check(List.of(spec), List.of("demo"), false, ExporterTest.FREE, engines);
            Exporter.Outlets outlets =
                    new Exporter.Outlets(BuiltImage.OUTLETS.registry(), engines, OutputStream.nullOutputStream());
            BuiltImage hello = BuiltImage.of(store, "linux/amd64", Map.of("hello", "Hello\n"));
            ExportRequest request = BuiltImage.request(List.of(hello), "demo");
            Exporter.export(
                    request,
                    List.of(spec, ExportSpec.parse("type=docker,dest=" + dir + "/same.tar")),
                    store,
                    outlets,
                    ExportListener.NONE);
        }
    }

    @ParameterizedTest(name = "{0} of {1}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
        type=docker                    | docker podman ctr |                       | docker load
        type=docker                    | podman ctr        |                       | podman load
        type=docker                    | ctr               |                       | ctr images import -
        type=docker                    | nerdctl ctr       |                       | nerdctl load
        type=docker                    | docker podman     | JBUILD_LOAD=podman    | podman load
        type=docker,context=containerd | docker ctr        | JBUILD_LOAD=podman    | ctr images import -
        type=docker,context=remote     | docker            |                       | docker --context remote load
        """)
    void theFirstThatIsThereOrTheOneThatIsNamed(String output, String there, String variable, String called)
            throws Exception {
        for (String engine : there.split(" ")) {
            engine(engine);
        }
        load(output, variable == null ? engines() : engines(variable));

        assertThat(dir.resolve("called")).hasContent(called);
        assertThat(dir.resolve("loaded.tar")).hasSameBinaryContentAs(dir.resolve("same.tar"));
    }

    @Test
    void anEngineThatDoesNotAnswerIsPassedOver() throws Exception {
        program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
        engine("podman");
        load("type=docker", engines());

        assertThat(dir.resolve("called")).hasContent("podman load");
    }

    @Test
    void whereThereIsNoneTheMessageNamesAllThatWereLookedFor() throws Exception {
        program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");

        assertThatThrownBy(() -> load("type=docker", engines()))
                .isInstanceOfSatisfying(
                        ExportException.class, e -> assertThat(e.kind()).isEqualTo(ExportException.Kind.USAGE))
                .hasMessage("there is no container engine here to load the image into: docker does not answer (Cannot"
                        + " connect to the Docker daemon); podman is not on PATH; nerdctl is not on PATH; ctr is not on"
                        + " PATH. Write a file with -o type=docker,dest=FILE, or leave the image in jbuild's own store"
                        + " with -o type=image");
        assertThatThrownBy(() -> load("type=docker,context=podman", engines()))
                .hasMessage("cannot load the image into Podman: there is no podman on PATH");
        assertThatThrownBy(() -> load("type=docker,context=far", engines()))
                .hasMessage(
                        "cannot load the image into the Docker context \"far\": it does not answer: Cannot connect to"
                                + " the Docker daemon");
    }

    @Test
    void whatAnEngineSaysAgainstAnImageIsTold() throws Exception {
        program("podman", "[ \"$1\" = load ] || exit 0; echo progress; echo 'no space left' >&2; exit 125");

        assertThatThrownBy(() -> load("type=docker", engines()))
                .isInstanceOfSatisfying(
                        ExportException.class, e -> assertThat(e.kind()).isEqualTo(ExportException.Kind.FAILED))
                .hasMessage("Podman did not load the image: \"podman load\" said: no space left");
    }

    @Test
    void severalPlatformsAreRefusedBeforeTheBuild() {
        assertThatThrownBy(() -> Exporter.check(
                        List.of(ExportSpec.parse("type=docker")), List.of(), true, ExporterTest.FREE, engines()))
                .hasMessage("a container engine loads an image for one platform, and several were asked for; push to a"
                        + " registry, or build for one platform");
    }
}
