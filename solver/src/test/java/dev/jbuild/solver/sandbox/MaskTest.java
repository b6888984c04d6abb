package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskTest {
    private static Mask of(String... secrets) {
        return new Mask(List.of(secrets).stream().map(MaskTest::bytes).toList());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String masked(Mask mask, String text) {
        return new String(mask.apply(bytes(text)), StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "nothing to hide, nothing to hide",
        "token, token",
        "tok=s3cret-1, tok=***",
        "s3cret-1s3cret-1 s3cret-1, ****** ***",
        "as3cret-, as3cret-",
        "s3cret-1-and-more!, ***!",
        "schlüssel, ***",
    })
    void hidesWhatIsWhole(String text, String shown) {
        assertThat(masked(of("s3cret-1\n", "s3cret-1-and-more", "schlüssel", "short"), text))
                .isEqualTo(shown);
    }

    @Test
    void linesOfASecretAreHiddenEachByItself() {
        Mask mask = of("{\n  \"key\": \"abcdefgh\"\r\n}\n");
        assertThat(masked(mask, "{")).isEqualTo("{");
        assertThat(masked(mask, "> \"key\": \"abcdefgh\" <")).isEqualTo("> *** <");
    }

    @Test
    void noCutOfALongLineGoesThroughASecret() {
        String secret = "0123456789".repeat(10);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 2000; i++) {
            text.append("x".repeat(i % 97)).append(secret).append(' ');
        }
        List<String> lines = new ArrayList<>();
        LineSplitter splitter = new LineSplitter(lines::add, of(secret));
        byte[] bytes = bytes(text.toString());
        for (int at = 0; at < bytes.length; at += 1000) {
            byte[] piece = java.util.Arrays.copyOfRange(bytes, at, Math.min(at + 1000, bytes.length));
            splitter.add(piece, piece.length);
        }
        splitter.end();
        assertThat(lines).hasSizeGreaterThan(3);
        assertThat(String.join("", lines)).isEqualTo(text.toString().replace(secret, "***"));
    }
}
