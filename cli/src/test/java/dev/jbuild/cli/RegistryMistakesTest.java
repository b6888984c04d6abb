package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Options that say how registries are asked, given wrongly.
class RegistryMistakesTest {
    @TempDir
    private Path folder;

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
    void saysWhatIsWrong(String options, String problem) throws IOException {
        Files.writeString(folder.resolve("Dockerfile"), "FROM scratch\n");
        List<String> all = new ArrayList<>(List.of("build", "--call=outline"));
        all.addAll(List.of(options.split(" ", -1)));
        all.add(folder.toString());

        Cli.Result result = new Cli(folder.resolve("store")).run(new FakeIo(), all.toArray(String[]::new));

        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(problem).doesNotContain("s3cret");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "pull",
                "push",
                "explore",
                "inspect --remote",
                "imagetools inspect",
                "imagetools create -t host/all",
            })
    void everyCommandThatAsksRegistriesTakesLoginsAndStaysOfflineIfAsked(String command) {
        String[] login = (command + " --registry-auth=env=NOT_SET host/app:1").split(" ", -1);
        Cli jbuild = new Cli(folder.resolve("store"));

        Cli.Result mistaken = jbuild.run(login);
        assertThat(mistaken.err()).contains("there is no variable NOT_SET");
        assertThat(mistaken.code()).isEqualTo(ExitCode.USAGE);

        String[] plain = (command + " host/app:1").split(" ", -1);
        Cli.Result offline = jbuild.run(new FakeIo().env("JBUILD_OFFLINE", "1"), plain);
        assertThat(offline.code()).isEqualTo(ExitCode.STORE_OR_REGISTRY);
        assertThat(offline.err()).contains(command.equals("push") ? "no such image: host/app:1" : "jbuild is offline");
    }
}
