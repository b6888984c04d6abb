package dev.jbuild.exporter.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTest {
    private static final Platform PLATFORM = Platform.parse("linux/arm/v7");
    private static final Digest DIGEST = Digest.of(new byte[0]);

    @ParameterizedTest(name = "{0}")
    @CsvSource(textBlock = """
            alpine,                          pkg:docker/alpine@latest
            alpine:3,                        pkg:docker/alpine@3
            me/app:1,                        pkg:docker/me/app@1
            localhost:5000/app:1,            pkg:docker/localhost%3A5000/app@1
            """)
    void imagesAreNamedByPackageUrls(String image, String url) {
        assertThat(Statement.packageUrl(ImageReference.parse(image), PLATFORM))
                .isEqualTo(url + "?platform=linux%2Farm%2Fv7");
    }

    @Test
    void anImageThatIsKnownByItsDigestHasItInItsUrl() {
        assertThat(Statement.packageUrl(ImageReference.parse("alpine@" + DIGEST), PLATFORM))
                .isEqualTo("pkg:docker/alpine?digest=" + DIGEST + "&platform=linux%2Farm%2Fv7");
    }

    @Test
    void aStatementSaysWhatItIsAbout() {
        Predicate predicate = new Predicate(Predicate.SPDX, "sbom.spdx.json", false, "{\"name\": \"x\"}");
        byte[] json = Statement.of(predicate, Statement.image(List.of(), PLATFORM, DIGEST));
        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("""
                {"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document",\
                "subject":[{"name":"_","digest":{"sha256":"%s"}}],"predicate":{"name":"x"}}\
                """.formatted(DIGEST.hex()));
    }
}
