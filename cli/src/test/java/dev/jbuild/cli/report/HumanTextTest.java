package dev.jbuild.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HumanTextTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "0, 0B",
        "1, 1B",
        "999, 999B",
        "1000, 1kB",
        "1024, 1.02kB",
        "4260000, 4.26MB",
        "77800000, 77.8MB",
        "121400000, 121MB",
        "999499, 999kB",
        "999500, 1MB",
        "1100000000, 1.1GB",
        "9223372036854775807, 9.22EB"
    })
    void writesSizes(long bytes, String text) {
        assertThat(HumanText.size(bytes)).isEqualTo(text);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "PT0S, Less than a second ago",
        "PT1S, 1 second ago",
        "PT59S, 59 seconds ago",
        "PT60S, About a minute ago",
        "PT2M, 2 minutes ago",
        "PT59M59S, 59 minutes ago",
        "PT60M, About an hour ago",
        "PT90M, 2 hours ago",
        "PT47H, 47 hours ago",
        "PT48H, 2 days ago",
        "P13D, 13 days ago",
        "P14D, 2 weeks ago",
        "P59D, 8 weeks ago",
        "P60D, 2 months ago",
        "P729D, 24 months ago",
        "P730D, 2 years ago",
        "P20000D, 54 years ago",
        "PT-1H, Less than a second ago"
    })
    void writesAges(Duration age, String text) {
        assertThat(HumanText.ago(age)).isEqualTo(text);
    }
}
