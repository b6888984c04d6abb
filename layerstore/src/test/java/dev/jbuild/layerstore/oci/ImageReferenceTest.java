package dev.jbuild.layerstore.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    private static final String DIGEST = "sha256:" + "ab".repeat(32);

    @ParameterizedTest(name = "{0} is {1}, shown as {2}")
    @CsvSource({
        "busybox,                      docker.io/library/busybox:latest,        busybox:latest",
        "busybox:1.36,                 docker.io/library/busybox:1.36,          busybox:1.36",
        "user/app,                     docker.io/user/app:latest,               user/app:latest",
        "user/app/part:v1,             docker.io/user/app/part:v1,              user/app/part:v1",
        "docker.io/busybox,            docker.io/library/busybox:latest,        busybox:latest",
        "index.docker.io/busybox,      docker.io/library/busybox:latest,        busybox:latest",
        "library/busybox,              docker.io/library/busybox:latest,        busybox:latest",
        "docker.io/library/a/b,        docker.io/library/a/b:latest,            library/a/b:latest",
        "localhost/app,                localhost/app:latest,                    localhost/app:latest",
        "localhost:5000/app,           localhost:5000/app:latest,               localhost:5000/app:latest",
        "127.0.0.1:5000/a/b:c,         127.0.0.1:5000/a/b:c,                    127.0.0.1:5000/a/b:c",
        "[::1]:5000/app,               [::1]:5000/app:latest,                   [::1]:5000/app:latest",
        "ghcr.io/o/app_name/x--y.z__w, ghcr.io/o/app_name/x--y.z__w:latest,     ghcr.io/o/app_name/x--y.z__w:latest",
        "localhost:5000,               docker.io/library/localhost:5000,        localhost:5000",
        "HOST/app,                     HOST/app:latest,                         HOST/app:latest",
    })
    void spellsNamesOutAsDockerDoes(String text, String canonical, String familiar) {
        ImageReference reference = ImageReference.parse(text);

        assertThat(reference).hasToString(canonical);
        assertThat(reference.familiar()).isEqualTo(familiar);
        assertThat(ImageReference.parse(canonical)).isEqualTo(reference);
        assertThat(ImageReference.parse(familiar)).isEqualTo(reference);
    }

    @Test
    void aDigestNeedsNoTagAndKeepsOne() {
        assertThat(ImageReference.parse("app@" + DIGEST)).hasToString("docker.io/library/app@" + DIGEST);
        assertThat(ImageReference.parse("app:1@" + DIGEST).familiar()).isEqualTo("app:1@" + DIGEST);
        assertThat(ImageReference.parse("app:1").withDigest(Digest.parse(DIGEST)))
                .hasToString("docker.io/library/app:1@" + DIGEST);
        assertThat(ImageReference.parse("app@" + DIGEST).withTag("2")).hasToString("docker.io/library/app:2");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''                 | it is empty",
                "App                | repository names are lower-case, try \"library/app\"",
                "user/App           | repository names are lower-case, try \"user/app\"",
                "a:                 | invalid tag \"\"",
                "a:-x               | invalid tag \"-x\"",
                "a b                | invalid repository name",
                "a//b               | invalid repository name",
                "/a                 | invalid repository name",
                "a/                 | invalid repository name",
                "../a               | invalid registry name \"..\"",
                "a/../b             | invalid repository name",
                "-a                 | invalid repository name",
                "a@sha256:00        | not a sha256 digest",
                "a@md5:00           | not a sha256 digest",
                "https://ghcr.io/a  | leave out \"https://\"",
                "host:port/a        | invalid registry name \"host:port\"",
                "user@host.io/a     | not a sha256 digest",
            })
    void saysWhatIsWrong(String text, String problem) {
        assertThatThrownBy(() -> ImageReference.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("invalid image name \"" + text + "\": ")
                .hasMessageContaining(problem);
    }

    @Test
    void anImageIdIsNoName() {
        assertThatThrownBy(() -> ImageReference.parse("ab".repeat(32))).hasMessageContaining("image ID");
    }

    @ParameterizedTest(name = "{0} × 2000")
    @ValueSource(strings = {"a", "a/", "a.", "-", "a-", "::", "@"})
    void longTextFailsQuickly(String part) {
        assertThatThrownBy(() -> ImageReference.parse(part.repeat(2000))).hasMessageContaining("longer than");
    }
}
