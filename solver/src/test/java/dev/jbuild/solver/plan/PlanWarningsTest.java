package dev.jbuild.solver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.DockerfileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a plan warns of: the words that are meant, by rule. `;` stands for a line end.
class PlanWarningsTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " => ", textBlock = """
                    FROM base;ENV A=$FROM_BASE B=$PATH => ''
                    FROM scratch;ENV A=$PATH => ''
                    FROM base;ENV A=$B => UndefinedVar $B
                    FROM base;ENV A=${B}c => UndefinedVar ${B}
                    FROM base;ENV A=${B:-c} => ''
                    FROM base;ENV A=$A => UndefinedVar $A
                    FROM base;ARG B;ENV A=$B => ''
                    FROM base;ARG B;FROM base;ENV A=$B => UndefinedVar $B
                    FROM base AS x;ARG B;FROM x;ENV A=$B => ''
                    ARG B=1;FROM base;ENV A=$B => UndefinedVar $B
                    FROM base;ENV A=$TARGETARCH => UndefinedVar $TARGETARCH
                    FROM base;ARG TARGETARCH;ENV A=$TARGETARCH => ''
                    FROM base;RUN echo $B => ''
                    FROM base;RUN --mount=type=cache,target=/c/$B true => UndefinedVar $B
                    FROM base;WORKDIR /$B;LABEL a=$C;USER $D => UndefinedVar $B, UndefinedVar $C, UndefinedVar $D
                    FROM base;COPY --chown=0$B a$C /$D => UndefinedVar $B, UndefinedVar $C, UndefinedVar $D
                    FROM base;COPY <<e /f;of $B;e => UndefinedVar $B
                    FROM base;COPY <<'e' /f;of $B;e => ''
                    FROM triggers => ''
                    FROM base;ENV A=$B;FROM base => ''
                    FROM base;CMD a;FROM base;CMD ["a"] => ''
                    FROM base;MAINTAINER a;FROM base => MaintainerDeprecated MAINTAINER
                    """)
    void ofVariablesThatNobodyDefined(String dockerfile, String warnings) throws Exception {
        assertThat(warnings(dockerfile)).isEqualTo(warnings);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " => ", textBlock = """
                    FROM scratch;COPY secrets /x => CopyIgnoredFile secrets
                    FROM scratch;ADD /secrets/key b /x/ => CopyIgnoredFile /secrets/key
                    FROM scratch;COPY ./secrets/../secrets/key /x => CopyIgnoredFile ./secrets/../secrets/key
                    FROM scratch;COPY . /x => ''
                    FROM scratch;COPY secrets/* /x => ''
                    FROM scratch;COPY secrets/public /x => ''
                    FROM base AS b;FROM scratch;COPY --from=b secrets /x => ''
                    """)
    void ofFilesThatAreIgnored(String dockerfile, String warnings) throws Exception {
        assertThat(warnings(dockerfile, "--ignore=secrets,!secrets/public")).isEqualTo(warnings);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiterString = " => ", textBlock = """
                    FROM base;MAINTAINER a;CMD a => '' => MaintainerDeprecated MAINTAINER, JSONArgsRecommended a
                    # check=skip=JSONArgsRecommended;FROM base;MAINTAINER a;CMD a => '' => MaintainerDeprecated MAINTAINER
                    # check=skip=all;FROM base;MAINTAINER a;CMD a => '' => ''
                    # check=skip=all;FROM base;MAINTAINER a;CMD a => skip=MaintainerDeprecated => JSONArgsRecommended a
                    # check=skip=all;FROM base;CMD a => error=false => JSONArgsRecommended a
                    FROM base;MAINTAINER a;CMD a => skip=all => ''
                    FROM base;# check=skip=UndefinedVar;ENV A=$B;ENV C=$D => '' => UndefinedVar $D
                    FROM base;# check=skip=all;ENV A=$B;ENV C=$D => skip=JSONArgsRecommended => UndefinedVar $D
                    FROM base;# check=skip=UndefinedVar;;ENV A=$B => '' => ''
                    FROM base;# check=skip=UndefinedVar;#;ENV A=$B => '' => UndefinedVar $B
                    """)
    void ofWhatTheConfigurationLeaves(String dockerfile, String argument, String warnings) throws Exception {
        assertThat(
                        argument.isEmpty()
                                ? warnings(dockerfile)
                                : warnings(dockerfile, "--build-arg=BUILDKIT_DOCKERFILE_CHECK=" + argument))
                .isEqualTo(warnings);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiterString = " => ", textBlock = """
                    # check=error=true;FROM base;CMD a => '' => JSONArgsRecommended
                    # check=error=true;FROM base;CMD a => skip=UndefinedVar => ''
                    # check=error=true;FROM base;CMD ["a"] => '' => ''
                    FROM base;CMD a => error=true => JSONArgsRecommended
                    FROM base;# check=error=true;CMD a => '' => JSONArgsRecommended
                    FROM base;# check=error=true;ENV A=b;CMD a => '' => ''
                    """)
    void violations(String dockerfile, String argument, String rules) throws Exception {
        List<String> options =
                argument.isEmpty() ? List.of() : List.of("--build-arg=BUILDKIT_DOCKERFILE_CHECK=" + argument);
        Plan plan = Planning.plan(lines(dockerfile), options, FakeImages.usual());
        assertThat(String.join(", ", plan.violatedRules())).isEqualTo(rules);
    }

    @Test
    void aConfigurationThatIsNoneIsAnError() {
        assertThatThrownBy(() -> warnings("# check=ship=all;FROM base"))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining("Dockerfile:1:9: the directive check: unknown check option \"ship\"");
        assertThatThrownBy(() -> warnings("FROM base", "--build-arg=BUILDKIT_DOCKERFILE_CHECK=error=maybe"))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining("the build argument BUILDKIT_DOCKERFILE_CHECK: error is true or false");
    }

    @Test
    void eachIsToldOnceForAllPlatforms() throws Exception {
        Plan plan = Planning.plan(
                "FROM base\nENV A=$B\n", List.of("--platform=linux/amd64,linux/arm64"), FakeImages.usual());
        assertThat(plan.warnings()).hasSize(1);
    }

    @Test
    void aNearNameIsSuggested() throws Exception {
        Plan plan = Planning.plan("FROM base\nARG VERSION=1\nENV A=$VERSOIN\n", List.of(), FakeImages.usual());
        assertThat(plan.warnings()).extracting(Diagnostic::hint).containsExactly("did you mean $VERSION?");
    }

    @Test
    void ofABaseImageForAnotherPlatform() throws Exception {
        FakeImages images = FakeImages.usual();
        ImageResolver foreign = new ImageResolver() {
            @Override
            public ResolvedImage resolve(ImageReference reference, Platform platform) throws IOException {
                return images.resolve(reference, Platform.parse("linux/s390x"));
            }

            @Override
            public ResolvedImage resolve(Path layout, String reference, Platform platform) throws IOException {
                return images.resolve(layout, reference, Platform.parse("linux/s390x"));
            }
        };
        PlanCheck check =
                GraphBuilder.check(Planning.request("FROM base\n", List.of("--platform=linux/arm64")), foreign);
        assertThat(check.warnings())
                .extracting(Diagnostic::message)
                .containsExactly("base image base is for platform linux/s390x, but linux/arm64 is built");
    }

    @Test
    void aCheckLooksAtEveryStageAndDoesWithoutImages() throws Exception {
        String dockerfile = lines("FROM nothere;ENV A=$B;FROM base AS b;ENV A=$C;FROM base;CMD a");
        PlanCheck all = GraphBuilder.check(Planning.request(dockerfile, List.of()), FakeImages.usual());
        PlanCheck one = GraphBuilder.check(Planning.request(dockerfile, List.of("--target=b")), FakeImages.usual());

        assertThat(text(dockerfile, all.warnings())).isEqualTo("UndefinedVar $C, JSONArgsRecommended a");
        assertThat(all.unknownImages()).containsExactly("nothere: there is no such image");
        assertThat(all.error()).isNull();
        assertThat(text(dockerfile, one.warnings())).isEqualTo("UndefinedVar $C");
        assertThat(one.unknownImages()).isEmpty();
    }

    @Test
    void aCheckFetchesNothing() throws Exception {
        FakeImages images = FakeImages.usual();
        String dockerfile = lines("FROM scratch;COPY --from=nothere /a /;ADD https://example.com/a /;"
                + "ADD git@example.com:a/b.git /;RUN --mount=from=base,target=/b [\"/b\"]");
        PlanCheck check = GraphBuilder.check(Planning.request(dockerfile, List.of()), images);
        assertThat(check.error()).isNull();
        assertThat(images.asked).isEmpty();
    }

    private static String warnings(String dockerfile, String... options) throws Exception {
        Plan plan = Planning.plan(lines(dockerfile), Arrays.asList(options), FakeImages.usual());
        return text(lines(dockerfile), plan.warnings());
    }

    private static String text(String dockerfile, List<Diagnostic> warnings) {
        return warnings.stream()
                .map(warning -> warning.rule() + " "
                        + dockerfile.substring(
                                warning.span().start(), warning.span().end()))
                .collect(Collectors.joining(", "));
    }

    private static String lines(String dockerfile) {
        return dockerfile.replace(';', '\n') + "\n";
    }
}
