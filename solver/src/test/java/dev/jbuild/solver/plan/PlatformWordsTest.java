package dev.jbuild.solver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.oci.Platform;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformWordsTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "linux/amd64, linux/amd64",
        "linux/arm64/v8, linux/arm64",
        "linux/arm/v6, linux/arm/v6",
        "Linux/AARCH64, linux/arm64",
        "x86_64, linux/amd64",
        "armhf, linux/arm/v7",
        "windows/amd64, windows/amd64",
        "wasi/wasm, wasi/wasm",
        "linux/riscv64, linux/riscv64",
        "linux/amd64/v3, linux/amd64/v3",
    })
    void understands(String text, String platform) {
        assertThat(PlatformWords.parse(text)).hasToString(platform);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"linux", "freebsd"})
    void anOperatingSystemAloneIsOnThisProcessor(String text) {
        assertThat(PlatformWords.parse(text))
                .isEqualTo(new Platform(text, Platform.host().architecture(), null));
    }

    @ParameterizedTest(name = "{0}: {1}, {2}")
    @CsvSource({
        "linux/amd46, unknown architecture \"amd46\" in platform linux/amd46, did you mean `amd64`?",
        "linus/amd64, unknown operating system \"linus\" in platform linus/amd64, did you mean `linux`?",
        "amd46, unknown operating system or architecture \"amd46\", did you mean `amd64`?",
        "lunux, unknown operating system or architecture \"lunux\", did you mean `linux`?",
        "what, unknown operating system or architecture \"what\", linux/arm64",
        "linux/, failed to parse platform linux/, platforms look like",
        "/amd64, failed to parse platform /amd64, platforms look like",
        "a/b/c/d, failed to parse platform a/b/c/d, platforms look like",
        "linux amd64, failed to parse platform linux amd64, platforms look like",
    })
    void saysWhatIsWrong(String text, String problem, String hint) {
        assertThatThrownBy(() -> PlatformWords.parse(text)).isInstanceOfSatisfying(BadPlatformException.class, e -> {
            assertThat(e.problem()).isEqualTo(problem);
            assertThat(e.hint()).contains(hint);
        });
    }
}
