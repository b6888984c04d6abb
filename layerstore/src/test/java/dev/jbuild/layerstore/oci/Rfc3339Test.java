package dev.jbuild.layerstore.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource({
        "2024-02-29T12:00:00Z,                2024-02-29T12:00:00Z",
        "2024-02-29T12:30:00Z,                2024-02-29T12:30:00Z",
        "2024-02-29T12:00:00.100Z,            2024-02-29T12:00:00.1Z",
        "2024-02-29T12:00:00.000000001Z,      2024-02-29T12:00:00.000000001Z",
        "2024-02-29T12:00:00.1234567899Z,     2024-02-29T12:00:00.123456789Z",
        "2024-02-29T12:00:00+05:30,           2024-02-29T06:30:00Z",
        "2024-02-29T12:00:00.5-01:00,         2024-02-29T13:00:00.5Z",
        "0001-01-01T00:00:00Z,                0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59.5Z,              1969-12-31T23:59:59.5Z",
        "2016-12-31T23:59:60Z,                2016-12-31T23:59:59Z",
    })
    void readsAnyOffsetAndWritesUtc(String text, String written) {
        assertThat(Rfc3339.format(Rfc3339.parse(text))).isEqualTo(written);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "",
                "2024-02-29",
                "2024-02-29T12:00:00",
                "2024-02-30T12:00:00Z",
                "2024-02-29T12:00:00.Z",
                "2024-02-29T12:00:00Zx",
                "2024-02-29T12:00:00+5",
                "2024-02-29T12:00:00+99:00",
                "2024-2-29T012:00:00Z",
                "+024-02-29T12:00:00Z",
            })
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> Rfc3339.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a time");
    }
}
