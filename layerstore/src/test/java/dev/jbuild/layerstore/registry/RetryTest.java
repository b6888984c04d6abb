package dev.jbuild.layerstore.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTest {
    @ParameterizedTest(name = "{0} at {1} is {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "5                             |                               | PT5S",
                "0                             |                               | PT0S",
                "99999999999                   |                               | PT596523H14M7S",
                "Thu, 29 Feb 2024 12:00:30 GMT | Thu, 29 Feb 2024 12:00:00 GMT | PT30S",
                "Thu, 29 Feb 2024 11:00:00 GMT | Thu, 29 Feb 2024 12:00:00 GMT | PT0S",
                "Thu, 29 Feb 2024 12:00:30 GMT |                               |",
                "soon                          | Thu, 29 Feb 2024 12:00:00 GMT |",
                "                              |                               |",
            })
    void understandsRetryAfter(@Nullable String value, @Nullable String date, @Nullable Duration wait) {
        HttpHeaders headers = HttpHeaders.of(
                Map.of(
                        "Retry-After",
                        value == null ? List.of() : List.of(value),
                        "Date",
                        date == null ? List.of() : List.of(date)),
                (name, text) -> true);
        Reply reply = new Reply(URI.create("http://x/"), 429, headers, InputStream.nullInputStream());

        assertThat(Retry.retryAfter(reply)).isEqualTo(wait);
    }
}
