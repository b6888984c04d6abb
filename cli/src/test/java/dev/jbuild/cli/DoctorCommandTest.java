package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a machine allows differs; what is looked at, and that nothing is left, does not.
class DoctorCommandTest {
    @TempDir
    Path root;

    @Test
    void looksAtEverythingABuildNeeds() {
        assertThat(new Cli(root).run("doctor").out())
                .startsWith("CHECK ")
                .contains("\nstore ", "\nfile system ", "\ndisk space ", "\nsnapshots ", "\nnamespaces ")
                .contains("\nutil-linux ", "\ncgroups ", "\nisolation ", "\nplatform ", "\ngit ", "\njava ");
    }

    @Test
    void leavesNothingBehind() throws IOException {
        new Cli(root).run("doctor");
        try (Stream<Path> left = Files.list(root)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void examinesAStoreThatIsNotThereYet() {
        assertThat(new Cli(root.resolve("a/b")).run("doctor").out()).contains(root + "/a/b (not made yet), writable");
        assertThat(root).isEmptyDirectory();
    }

    @Test
    void printsJson() {
        assertThat(new Cli(root).run("doctor", "--format=json").out())
                .startsWith("[\n    {\n        \"check\": \"store\",\n        \"state\": \"ok\"");
    }
}
