package dev.jbuild.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.registry.Credentials;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.registry.RegistryConfig;
import dev.jbuild.layerstore.registry.RegistryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexSourceTest {
    private static final String DESCRIPTOR = """
            {"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 401,
             "digest": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
            """;

    @TempDir
    Path directory;

    private IndexSource described(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("source.json"), text);
        try (RegistryClient client = new RegistryClient(
                RegistryConfig.EMPTY, Credentials.none(), RegistryOptions.DEFAULT.withoutConnections())) {
            return IndexSource.described(file, ImageReference.parse("example.com/app"), client);
        }
    }

    @Test
    void aFileHasADescriptorOrIsTheMetadataOfABuild() throws Exception {
        assertThat(described(DESCRIPTOR).descriptor().size()).isEqualTo(401);
        assertThat(described("{\"containerimage.descriptor\": " + DESCRIPTOR + "}")
                        .descriptor())
                .isEqualTo(described(DESCRIPTOR).descriptor());
    }

    @ParameterizedTest
    @ValueSource(strings = {"example.com/app:1\n", "", "{", "{}", "[1]", "{\"containerimage.descriptor\": {}}"})
    void whatIsNoDescriptorIsNamed(String text) {
        assertThatThrownBy(() -> described(text))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("-f " + directory.resolve("source.json") + " is neither a descriptor in JSON")
                .message()
                .doesNotContain("Source:");
    }
}
