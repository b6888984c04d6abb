package dev.jbuild.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The base images that `testdata/prepare` makes.
final class TestImages {
    private static final Map<String, String> LAYOUTS = Map.of(
            "busybox", "busybox",
            "alpine:3", "alpine-3",
            "alpine:latest", "alpine-3",
            "debian:bookworm-slim", "debian-bookworm-slim",
            "golang:1.21-alpine", "golang-1.21-alpine",
            "golangci/golangci-lint:v1.52", "golangci-golangci-lint-v1.52",
            "node:20-slim", "node-20-slim");

    private TestImages() {}

    /// Where they are: as `testdata/machine.sh` says.
    static Path folder() {
        return environment("JBUILD_TEST_IMAGES")
                .map(Path::of)
                .orElseGet(() -> environment("XDG_CACHE_HOME")
                        .map(Path::of)
                        .orElse(Path.of(environment("HOME").orElse("/root"), ".cache"))
                        .resolve("jbuild/test-images"));
    }

    private static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
    }

    /// The OCI layout that answers to a name. A test that needs one that is not here is skipped.
    static Path layout(String name) {
        String layout = LAYOUTS.get(name);
        if (layout == null) {
            throw new IllegalArgumentException("no such test image: " + name);
        }
        Path directory = folder().resolve(layout);
        assumeTrue(
                Files.exists(directory.resolve("index.json")),
                () -> "the base image " + name + " is not in " + directory + ": run testdata/prepare");
        return directory;
    }

    /// The `--build-context` options that make these names mean these images.
    static List<String> contexts(String... names) {
        List<String> options = new ArrayList<>();
        for (String name : names) {
            options.addAll(List.of("--build-context", name + "=oci-layout://" + layout(name)));
        }
        return options;
    }
}
