package dev.jbuild.parser.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceTest {

    @Test
    void positionsCountLinesAndCodePoints() {
        Source source = new Source("f", "one\r\n😀two\n\nlast");

        assertThat(List.of(0, 3, 5, 7, 10, 11, 12, 16))
                .extracting(offset -> source.position(offset).toString())
                .containsExactly("1:1", "1:4", "2:1", "2:2", "2:5", "3:1", "4:1", "4:5");
        assertThat(source.lineCount()).isEqualTo(4);
        assertThat(source.line(1)).isEqualTo("one");
        assertThat(source.line(2)).isEqualTo("😀two");
        assertThat(source.line(3)).isEmpty();
        assertThat(source.line(4)).isEqualTo("last");
        assertThat(source.place(7)).isEqualTo("f:2:2");
        assertThatThrownBy(() -> source.position(17)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> source.line(5)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest(name = "{0} is near {1}")
    @CsvSource({
        "cahe, cache",
        "cach, cache",
        "chace, cache",
        "CACHE, cache",
        "ched, ''",
        "bas, base",
        "buid-server, build-server",
        "build-sevrer, build-server",
        "secert, secret",
        "bind, bind",
        "bnid, bind",
        "x, ''",
        "volume, ''",
    })
    void suggestsWhatIsNear(String word, String expected) {
        String nearest =
                Suggestion.nearest(word, List.of("bind", "cache", "secret", "base", "build-server", "build-client"));

        assertThat(nearest == null ? "" : nearest).isEqualTo(expected);
    }
}
