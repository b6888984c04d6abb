package dev.jbuild.solver.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordJsonTest {
    /// Of every kind that there may be.
    public record Whole(
            String text,
            @Nullable String nothing,
            int number,
            long large,
            boolean flag,
            Colour colour,
            List<Shape> shapes,
            Map<String, List<String>> lists) {}

    public enum Colour {
        RED,
        BLUE
    }

    public sealed interface Shape {
        record Circle(int radius) implements Shape {}

        record Point() implements Shape {}
    }

    @Test
    void isReadAsItWasWritten() {
        Whole whole = new Whole(
                "a \"text\"\n",
                null,
                -1,
                1L << 40,
                true,
                Colour.BLUE,
                List.of(new Shape.Circle(3), new Shape.Point()),
                Map.of("a", List.of("b", "c"), "none", List.of()));

        byte[] json = RecordJson.write(whole);

        assertThat(RecordJson.read(json, Whole.class)).isEqualTo(whole);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            quoteCharacter = '\'',
            delimiter = '|',
            value = {
                "{                                             | Unexpected end-of-input",
                "{}                                            | no kind of Circle",
                "{\"is\":\"Point\"}                            | Point is no Circle",
                "{\"is\":\"Circle\"}                           | Circle without radius",
                "{\"is\":\"Circle\",\"radius\":\"x\"}          | not a int",
                "{\"is\":\"Circle\",\"radius\":[1]}            | not a int",
                "{\"is\":\"Circle\",\"radius\":1.5}            | unexpected VALUE_NUMBER_FLOAT",
            })
    void anythingElseIsRefused(String json, String message) {
        assertThatThrownBy(() -> RecordJson.read(json.getBytes(StandardCharsets.UTF_8), Shape.Circle.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
