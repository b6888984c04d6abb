package dev.jbuild.cli.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Cli;
import dev.jbuild.cli.StoreFixture;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FakeIo;
import dev.jbuild.layerstore.LayerStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SaveCommandTest {
    @TempDir
    Path directory;

    private Cli jbuild;

    @BeforeEach
    void oneImage() throws InterruptedException {
        Path root = directory.resolve("store");
        jbuild = new Cli(root);
        try (LayerStore store = LayerStore.open(root)) {
            new StoreFixture(store).image("app", 100);
        }
    }

    @Test
    void savesTheSameBytesEveryTime() throws IOException {
        Path one = directory.resolve("one.tar");
        Path two = directory.resolve("two.tar");
        assertThat(jbuild.run("save", "-o", one.toString(), "app").code()).isEqualTo(ExitCode.OK);
        assertThat(jbuild.run("save", "--output=" + two, "app:latest").code()).isEqualTo(ExitCode.OK);
        assertThat(one).hasSameBinaryContentAs(two);
        assertThat(Files.readString(one, StandardCharsets.ISO_8859_1)).contains("\"RepoTags\":[\"app:latest\"]");
    }

    @Test
    void anImageAskedForByItsIdHasNoNameInTheArchive() throws IOException {
        String id = jbuild.run("images", "-q").out().strip();
        Path file = directory.resolve("id.tar");
        assertThat(jbuild.run("save", "-o", file.toString(), id).code()).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("app:latest");
    }

    @Test
    void refusesToFillTheTerminal() {
        Cli.Result result = jbuild.run(new FakeIo().terminal(80, 24).env("NO_COLOR", "1"), "save", "app");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err())
                .isEqualTo("ERROR: refusing to write an archive to the terminal; use -o FILE or redirect standard"
                        + " output\n");
    }
}
