package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Golden;
import dev.jbuild.cli.report.Testdata;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each file of `testdata/reports/commands` is a session: command lines, and what they print on a store with three
/// images: `busybox`, `localhost:5000/team/app:1.2` for two platforms, and one without a name.
class TranscriptTest {
    private static final String PROMPT = "$ jbuild ";

    @TempDir
    Path root;

    static List<Path> sessions() {
        try (Stream<Path> files = Files.list(Testdata.path("reports/commands"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void session(Path file) throws IOException, InterruptedException {
        try (LayerStore store = LayerStore.open(root)) {
            StoreFixture fixture = new StoreFixture(store);
            fixture.image("busybox", 4_260_000);
            fixture.index("localhost:5000/team/app:1.2", 1000, 2000);
            Descriptor nameless = fixture.image("x", 77);
            fixture.named(nameless.digest().toString(), nameless);
            store.images().remove("docker.io/library/x:latest");
        }
        StringBuilder session = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("-- ")) {
                session.append(line).append('\n');
            } else if (line.startsWith(PROMPT)) {
                String[] args = line.substring(PROMPT.length()).split(" ");
                Cli.Result result = new Cli(root).run(args);
                assertThat(result.code()).as(result.err()).isNotEqualTo(ExitCode.INTERNAL);
                session.append(line).append('\n').append(result.out()).append(result.err());
                if (!session.toString().endsWith("\n")) {
                    session.append("[no line end]\n");
                }
                if (result.code() != ExitCode.OK) {
                    session.append("[exit ").append(result.code().code()).append("]\n");
                }
            }
        }
        Golden.check(session.toString(), file);
    }
}
