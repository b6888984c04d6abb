package dev.jbuild.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepTextTest {
    @ParameterizedTest(name = "{0} with {1} decimals is {2}")
    @CsvSource({
        "PT0S, 1, 0.0",
        "PT0.049S, 1, 0.0",
        "PT0.05S, 1, 0.1",
        "PT1.25S, 1, 1.3",
        "PT59.96S, 1, 60.0",
        "PT0.0004S, 3, 0.000",
        "PT12.3456S, 2, 12.35",
        "PT3600S, 0, 3600",
        "PT-5S, 1, 0.0"
    })
    void writesSeconds(Duration duration, int decimals, String text) {
        assertThat(StepText.seconds(duration, decimals)).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"PT0.1234S, 0.123", "PT9.9S, 9.900", "PT10S, 10.00", "PT99.99S, 99.99", "PT100S, 100.0"})
    void timesOfLinesAreTheMoreExactTheShorter(Duration duration, String text) {
        assertThat(StepText.lineTime(duration)).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"0, 0B", "999, 999B", "1000, 1.00kB", "999994, 999.99kB", "999995, 1.00MB", "29124181, 29.12MB"})
    void writesBytes(long bytes, String text) {
        assertThat(StepText.bytes(bytes)).isEqualTo(text);
    }
}
