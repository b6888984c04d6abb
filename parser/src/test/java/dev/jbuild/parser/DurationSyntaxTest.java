package dev.jbuild.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationSyntaxTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0, PT0S",
        "+0, PT0S",
        "0s, PT0S",
        "30s, PT30S",
        "1m30s, PT1M30S",
        "1.5h, PT1H30M",
        ".5s, PT0.5S",
        "5.s, PT5S",
        "-2m, PT-2M",
        "1h2m3s4ms5us6ns, PT1H2M3.004005006S",
        "1µs, PT0.000001S",
        "1μs, PT0.000001S",
        "0.1ns, PT0S",
        "2562047h47m16.854775807s, PT2562047H47M16.854775807S",
    })
    void readsGoDurations(String text, String expected) {
        assertThat(DurationSyntax.parse(text)).isEqualTo(Duration.parse(expected));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"", "5", "s", ".s", "1.2.3s", "5d", "5 s", "5S", "--5s", "1m-5s", "3000000h", "٣s", "1e3s"})
    void whatIsNone(String text) {
        assertThat(DurationSyntax.parse(text)).isNull();
    }
}
