package dev.jbuild.layerstore.oci;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MediaTypeTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        MediaType.OCI_LAYER + "," + MediaType.DOCKER_LAYER + ", plain",
        MediaType.OCI_LAYER_GZIP + "," + MediaType.DOCKER_LAYER_GZIP + ", gzip",
        MediaType.OCI_LAYER_ZSTD + "," + MediaType.DOCKER_LAYER_ZSTD + ", zstd",
        MediaType.OCI_NONDISTRIBUTABLE_LAYER + "," + MediaType.DOCKER_FOREIGN_LAYER + ", plain",
        MediaType.OCI_NONDISTRIBUTABLE_LAYER_GZIP + "," + MediaType.DOCKER_FOREIGN_LAYER_GZIP + ", gzip",
    })
    void layersHaveTwoSpellingsAndOneCompression(String oci, String docker, String compression) {
        assertThat(MediaType.toDocker(oci)).isEqualTo(docker);
        assertThat(MediaType.toOci(docker)).isEqualTo(oci);
        for (String type : new String[] {oci, docker}) {
            assertThat(MediaType.isLayer(type)).isTrue();
            assertThat(MediaType.isUncompressed(type)).isEqualTo(compression.equals("plain"));
            assertThat(MediaType.isGzip(type)).isEqualTo(compression.equals("gzip"));
            assertThat(MediaType.isZstd(type)).isEqualTo(compression.equals("zstd"));
        }
    }
}
