package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import dev.jbuild.layerstore.fake.FakeRegistry;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is asked of registries when, and with which login: by checks, which look at base images and run nothing.
class OfflineTest {
    private final FakeRegistry registry = FakeRegistry.start();

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        registry.putImage("base", "1", Platform.parse("linux/amd64"), ContainerConfig.EMPTY, List.of());
        Files.writeString(folder.resolve("Dockerfile"), "FROM --platform=linux/amd64 " + base() + "\n");
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private String base() {
        return registry.host() + "/base:1";
    }

    private Cli.Result check(FakeIo io, String... options) {
        List<String> all = new ArrayList<>(List.of("build", "--call=outline"));
        all.addAll(List.of(options));
        all.add(folder.toString());
        return new Cli(folder.resolve("store")).run(io, all.toArray(String[]::new));
    }

    @Test
    void whatWasAskedOnceIsKnownWithoutConnections() {
        Cli.Result before = check(new FakeIo(), "--offline");
        assertThat(before.err())
                .contains(base() + ": not in the store, and jbuild is offline: build once without --offline, or name"
                        + " a copy with --build-context " + base() + "=oci-layout://DIR");
        assertThat(before.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(registry.requests()).isEmpty();

        assertThat(check(new FakeIo()).code()).isEqualTo(ExitCode.OK);
        int asked = registry.requests().size();
        assertThat(check(new FakeIo(), "--offline", "--tag-ttl=0").code()).isEqualTo(ExitCode.OK);
        assertThat(check(new FakeIo().env("JBUILD_OFFLINE", "true")).code()).isEqualTo(ExitCode.OK);
        assertThat(registry.requests()).hasSize(asked);

        assertThat(check(new FakeIo(), "--pull").code()).isEqualTo(ExitCode.OK);
        assertThat(registry.requests()).hasSizeGreaterThan(asked);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--registry-auth=host=HOST,user=me,env=TOKEN",
                "--registry-auth=env=JSON",
                "--registry-auth=src=FILE/auth.json",
            })
    void logsInWithWhatTheEnvironmentHas(String option) throws IOException {
        registry.requireBasic("me", "s3cret");
        String json = "{\"auths\":{\"" + registry.host() + "\":{\"username\":\"me\",\"password\":\"s3cret\"}}}";
        Files.writeString(folder.resolve("auth.json"), json);
        String given = option.replace("HOST", registry.host()).replace("FILE", folder.toString());

        assertThat(check(new FakeIo()).code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(check(new FakeIo().env("TOKEN", "s3cret").env("JSON", json), given)
                        .code())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void logsInWithVariablesThatPipelinesSet() {
        registry.requireBasic("me", "s3cret");
        String json = "{\"auths\":{\"" + registry.host() + "\":{\"auth\":\"bWU6czNjcmV0\"}}}";

        for (String variable : List.of("JBUILD_REGISTRY_AUTH", "DOCKER_AUTH_CONFIG")) {
            assertThat(check(new FakeIo().env(variable, json), "--pull").code()).isEqualTo(ExitCode.OK);
        }
        Cli.Result wrong = check(new FakeIo().env("JBUILD_REGISTRY_AUTH", "s3cret"), "--pull");
        assertThat(wrong.err())
                .contains("cannot read logins from $JBUILD_REGISTRY_AUTH: expected JSON like")
                .doesNotContain("s3cret");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "--pull --offline                   | --pull and --offline cannot be used together",
                "--tag-ttl=soon                     | --tag-ttl=soon: expected a number and s, m, h or d",
                "--registry-auth=me:s3cret          | the secret itself does not belong on a command line",
                "--registry-auth=host=x             | it needs env=NAME or src=FILE, one of them",
                "--registry-auth=env=NOT_SET        | there is no variable NOT_SET",
                "--registry-auth=src=/not/there     | cannot read /not/there",
            })
    void saysWhatIsWrong(String options, String problem) {
        Cli.Result result = check(new FakeIo(), options.split(" ", -1));

        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(problem).doesNotContain("s3cret");
    }
}
