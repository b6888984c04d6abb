package dev.jbuild.solver.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNameTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "61,         a",
        "c3a9,       \u00e9",
        "f09f9880,   \ud83d\ude00",
        "efbfbd,     \ufffd",
        "ff,         \udcff",
        "61c3,       a\udcc3",
        "eda080,     \udced\udca0\udc80", // a surrogate in UTF-8 is not UTF-8
        "c080,       \udcc0\udc80", // a zero byte, too long
        "f09f98c3a9, \udcf0\udc9f\udc98\u00e9",
    })
    void everyNameHasOneText(String bytes, String text) {
        byte[] name = HexFormat.of().parseHex(bytes);
        assertThat(FileName.decode(name)).isEqualTo(text);
        assertThat(FileName.encode(text)).isEqualTo(name);
    }

    @Test
    void anyBytesComeBackAndKeepTheirOrder() {
        Random random = new Random(42);
        for (int i = 0; i < 2000; i++) {
            byte[] name = new byte[1 + random.nextInt(8)];
            random.nextBytes(name);
            assertThat(FileName.encode(FileName.decode(name))).isEqualTo(name);
        }
        List<String> texts = new ArrayList<>(List.of("a", "b\u00e9", "b\uffee", "b\ud83d\ude00", "a/b", ""));
        List<String> byBytes = new ArrayList<>(texts);
        byBytes.sort((a, b) -> Arrays.compareUnsigned(FileName.encode(a), FileName.encode(b)));
        texts.sort(FileName::compare);
        assertThat(texts).isEqualTo(byBytes);
    }
}
