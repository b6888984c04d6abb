package dev.jbuild.solver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.parser.source.DockerfileException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceDateEpochTest {
    /// What stands before `FROM base`, and the build argument if there is one.
    @ParameterizedTest(name = "{0} with {1}: {2}")
    @CsvSource({
        "ARG OTHER=1, , ",
        "ARG SOURCE_DATE_EPOCH, , ",
        "ARG SOURCE_DATE_EPOCH=, , ",
        "ARG SOURCE_DATE_EPOCH=0, , 0",
        "ARG SOURCE_DATE_EPOCH=1700000000, , 1700000000",
        "ARG T=17 SOURCE_DATE_EPOCH=9, , 9",
        "ARG T=17;ARG SOURCE_DATE_EPOCH=${T}00, , 1700",
        "ARG SOURCE_DATE_EPOCH=1, 2, 2",
        "ARG SOURCE_DATE_EPOCH=noon, 2, 2",
        "ARG OTHER=1, 253402300799, 253402300799",
        "ARG SOURCE_DATE_EPOCH=context, , ",
        "ARG OTHER=1, context, ",
    })
    void isWhatWasPassedElseTheGlobalDefault(String head, @Nullable String argument, @Nullable Long seconds) {
        assertThat(SourceDateEpoch.of(request(head, argument)))
                .isEqualTo(seconds == null ? null : Instant.ofEpochSecond(seconds));
    }

    private static PlanRequest request(String head, @Nullable String argument) {
        return Planning.request(
                head.replace(';', '\n') + "\nFROM base\n",
                argument == null ? List.of() : List.of("--build-arg=SOURCE_DATE_EPOCH=" + argument));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"noon", "-1", "1.5", "0x10", "253402300800", "99999999999999999999", "' 5'"})
    void aTimeThatIsNone(String value) {
        assertThatThrownBy(() -> SourceDateEpoch.of(request("ARG A", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SOURCE_DATE_EPOCH=" + value);
    }

    @Test
    void oneInTheDockerfileIsToldAtItsPlace() {
        assertThatThrownBy(() -> SourceDateEpoch.of(request("ARG A;ARG B=2 SOURCE_DATE_EPOCH=tools", null)))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining(
                        "Dockerfile:2:27: SOURCE_DATE_EPOCH=tools: there is no build context of this name");
    }
}
