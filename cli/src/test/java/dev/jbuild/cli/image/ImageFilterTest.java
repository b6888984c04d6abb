package dev.jbuild.cli.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.oci.ImageReference;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The image is `team/app:1.2`, made on the first of January at noon, and it is now a day later.
class ImageFilterTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
    private static final ImageFilter.Candidate APP =
            new ImageFilter.Candidate(ImageReference.parse("team/app:1.2"), CREATED, Map.of("team", "build"));
    private static final ImageFilter.Candidate NAMELESS = new ImageFilter.Candidate(null, null, Map.of());

    private static ImageFilter filter(String words) {
        return new ImageFilter(
                Arrays.asList(words.split(" ", -1)),
                List.of(),
                NOW,
                name -> Optional.of(
                        Instant.parse(name.equals("old") ? "2025-12-01T00:00:00Z" : "2026-01-01T18:00:00Z")));
    }

    @ParameterizedTest(name = "{0}: named {1}, nameless {2}")
    @CsvSource({
        "dangling=true,             false, true",
        "dangling=false,            true,  false",
        "label=team,                true,  false",
        "label=team=build,          true,  false",
        "label=team=other,          false, false",
        "label=team label=none,     false, false",
        "reference=team/app,        true,  false",
        "reference=team/*,          true,  false",
        "reference=*,               false, false",
        "reference=*/app:1.?,       true,  false",
        "reference=team/[ab]pp,     true,  false",
        "reference=x reference=team/app:*, true, false",
        "reference=team.app,        false, false",
        "before=new,                true,  false",
        "before=old,                false, false",
        "since=old,                 true,  false",
        "since=new,                 false, false",
        "until=1h,                  true,  false",
        "until=23h59m,              true,  false",
        "until=25h,                 false, false",
        "until=2026-01-02,          true,  false",
        "until=2026-01-01,          false, false",
        "until=2026-01-01T12:00:01Z,true,  false",
        "until=2026-01-01T13:00:00+02:00, false, false",
        "until=1767268801,          true,  false",
        "dangling=false until=1h,   true,  false",
    })
    void tellsWhichImagesAreMeant(String words, boolean named, boolean nameless) {
        assertThat(filter(words).test(APP)).isEqualTo(named);
        assertThat(filter(words).test(NAMELESS)).isEqualTo(nameless);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "dangling | --filter dangling: expected KEY=VALUE, such as dangling=true",
                "dangling=maybe | --filter dangling=maybe: expected true or false",
                "labell=x | --filter: there is no filter \"labell\"; did you mean `label`?",
                "until=soon | --filter until=soon: expected an age such as 24h or 1h30m, a date such as 2026-01-31, or"
                        + " 2026-01-31T12:00:00Z",
            })
    void saysWhatItDoesNotUnderstand(String words, String message) {
        assertThatThrownBy(() -> filter(words))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }
}
