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
                        "Dockerfile:2:27: SOURCE_DATE_EPOCH=tools: there is no build context and no stage of this name");
    }

    /// Stages that follow `FROM base`, and what the one named `src` fetches.
    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "FROM scratch AS src;ADD https://example.com/src.tar.gz /, https://example.com/src.tar.gz",
        "FROM scratch AS SRC;ADD --checksum=sha256:e3b0 https://example.com/a /, https://example.com/a",
        "FROM scratch AS src;ADD https://example.com/app.git#v1 /, https://example.com/app.git#v1",
        "FROM alpine AS src;ADD https://example.com/a /, ",
        "FROM scratch AS src;ADD https://example.com/a https://example.com/b /, ",
        "FROM scratch AS src;ADD https://example.com/a /;ADD https://example.com/b /, ",
        "FROM scratch AS src;ADD a.tar /, ",
        "FROM scratch AS other;ADD https://example.com/a /, ",
    })
    void aStageThatOnlyFetchesHasATime(String stages, @Nullable String fetched) {
        PlanRequest request = Planning.request("FROM base\n" + stages.replace(';', '\n') + "\n", List.of());

        NamedContext.Remote remote = SourceDateEpoch.stage(request, "src");

        String text = switch (remote) {
            case NamedContext.Git(var repository) -> repository.toString();
            case NamedContext.Http(var url) -> url.toString();
            case null -> null;
        };
        assertThat(text).isEqualTo(fetched);
    }

    @Test
    void aStageWithoutATimeIsNamed() {
        PlanRequest request = Planning.request("FROM base AS tools\n", List.of("--build-arg=SOURCE_DATE_EPOCH=tools"));

        assertThatThrownBy(() -> SourceDateEpoch.of(request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("this stage has no time of its own");
    }
}
