package dev.jbuild.solver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.jbuild.parser.source.DockerfileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The folders of `testdata/plans`: a Dockerfile, the options in its `options` if it has any, and the plan that must
/// come of them, or the error in `error.txt`. With `-Djbuild.golden=write` plans are written; read the difference
/// before you commit it.
class PlanTest {
    private static final Path ROOT = Path.of(System.getProperty("jbuild.testdata"), "plans");

    static Stream<Arguments> cases() throws IOException {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders
                    .filter(Files::isDirectory)
                    .sorted()
                    .map(folder -> arguments(Objects.toString(folder.getFileName()), folder))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void comesOutAsItShould(String name, Path folder) throws Exception {
        Path options = folder.resolve("options");
        List<String> words = Files.exists(options) ? Files.readAllLines(options) : List.of();
        String text;
        Path golden;
        try {
            text = PlanText.of(
                    Planning.plan(Files.readString(folder.resolve("Dockerfile")), words, FakeImages.usual()));
            golden = folder.resolve("plan.txt");
        } catch (DockerfileException e) {
            text = PlanText.of(e);
            golden = folder.resolve("error.txt");
        }
        if ("write".equals(System.getProperty("jbuild.golden"))) {
            Files.writeString(golden, text);
        }
        assertThat(golden).content().isEqualTo(text);
    }

    /// The rest of `FROM base`, and what is wrong with it; `;` stands for a line end.
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiterString = " => ", textBlock = """
                    FROM nothere => nothere: there is no such image
                    FROM bas => bas: there is no such image
                    FROM $EMPTY => base name ($EMPTY) should not be blank
                    FROM --platform=$NONE base => empty platform value from expression $NONE
                    FROM --platform=linux/a/b/c/d base => failed to parse platform linux/a/b/c/d
                    FROM base AS x;COPY --from=later /x /;FROM base AS later;FROM x => cannot copy from stage "later", it needs to be defined before
                    FROM base AS self;COPY --from=self /x / => a stage cannot copy from itself: "self"
                    FROM base;COPY --from=3 /x / => 3
                    FROM base;COPY --from=nothere /x / => nothere: there is no such image
                    FROM base;RUN --mount=type=weird,target=/x true => unsupported mount type `weird`
                    FROM base;RUN --mount=type=cache true => target
                    FROM base;RUN --mount=type=cache,target=/c,sharing=odd true => odd
                    FROM base;RUN --mount=type=cache,target=/c,mode=99 true => 99
                    FROM base;RUN --mount=type=tmpfs,target=/t,size=much true => much
                    FROM base;RUN --mount=type=bind,from=nothere,target=/t true => nothere
                    FROM base;RUN --network=some true => invalid network mode `some`
                    FROM base;EXPOSE many => invalid port "many"
                    FROM base;EXPOSE 80/xtp => invalid protocol
                    FROM base;STOPSIGNAL SIGNONE => SIGNONE
                    FROM base;COPY --chmod=rwx a b => invalid --chmod "rwx"
                    FROM base;COPY --chmod=10000 a b => invalid --chmod "10000"
                    FROM base;COPY --chmod=u+x, a b => invalid --chmod "u+x,"
                    FROM base;COPY --chown=:1 a b => invalid --chown ":1"
                    FROM base;COPY https://h/x / => source can't be a URL for COPY: https://h/x
                    FROM base;COPY https://me:pw@h/x.git / => source can't be a git ref for COPY: https://me:xxxxx@h/x.git
                    FROM base;COPY git@h:x / => source can't be a git ref for COPY: git@h:x
                    FROM base;ADD ftp://h/x / => ADD cannot fetch ftp://h/x
                    FROM base;ADD https://nothere.example/x / => there is no host nothere.example
                    FROM trigger-fetch => trigger ONBUILD ADD https://nothere.example/x /x: there is no host nothere.example
                    FROM base;ADD https://nothere.example/x.git / => there is no host nothere.example
                    FROM base;ADD https://h/ /d/ => cannot determine a file name for https://h/
                    FROM base;ADD https://h?x=y . => cannot determine a file name for https://h?x=y
                    FROM base;ADD --checksum=sha256:12 https://h/x / => invalid --checksum "sha256:12"
                    FROM base;ADD --checksum=md5:12 https://h/x / => invalid --checksum "md5:12"
                    FROM base;ADD --checksum=0123 a / => checksum can't be specified for local files
                    FROM base;ADD --checksum=0123 https://h/a https://h/b / => checksum can't be specified for multiple sources
                    FROM base;ADD --checksum=main https://h/x.git / => invalid --checksum "main"
                    FROM base;ADD --checksum=beef https://h/x.git / => checksum mismatch: https://h/x.git is commit 0123456789abcdef0123456789abcdef01234567, expected beef
                    FROM base;ADD https://h/x.git?ref=main&checksum=beef / => checksum mismatch: https://h/x.git#main is commit
                    FROM base;ADD --checksum=012 https://h/x.git?checksum=02 / => checksum mismatch: "012" and "02" in the URL
                    FROM base;ADD --keep-git-dir=false https://h/x.git?keep-git-dir / => inconsistent keep-git-dir
                    FROM base;ADD https://h/x.git?brunch=x / => did you mean `branch`?
                    FROM base;COPY --link --chown=app a b => --link cannot look up "app"
                    FROM base;COPY --link --chown=1:web a b => --link cannot look up "web"
                    FROM base;COPY <<../x /d/;../x => "../x" cannot be the name of the file
                    FROM base;COPY <<a/b /d/;a/b => "a/b" cannot be the name of the file
                    FROM scratch AS none;FROM base;COPY --from=none /x / => stage "none" has no files
                    """)
    void saysWhatIsWrong(String dockerfile, String message) {
        String text = dockerfile.replace(';', '\n') + "\n";
        assertThatThrownBy(() -> Planning.plan(text, List.of(), FakeImages.usual()))
                .isInstanceOf(DockerfileException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anUnknownTargetIsToldWithTheNearest() {
        assertThatThrownBy(() -> Planning.plan("FROM base AS built\n", List.of("--target=bilt"), FakeImages.usual()))
                .isInstanceOfSatisfying(
                        DockerfileException.class,
                        e -> assertThat(e.diagnostics().getFirst().hint()).contains("built"));
    }

    @Test
    void onlyImagesOfNeededStagesAreAskedFor() throws Exception {
        FakeImages images = FakeImages.usual();
        Planning.plan("FROM nothere AS unused\nFROM base\nRUN true\n", List.of(), images);
        assertThat(images.asked).containsExactly("base linux/amd64");
    }
}
