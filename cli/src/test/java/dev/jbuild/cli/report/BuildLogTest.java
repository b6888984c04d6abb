package dev.jbuild.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.solver.event.BuildEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildLogTest {
    @TempDir
    Path directory;

    private BuildLog log(int second) {
        return new BuildLog(directory.resolve("logs"), () -> Instant.ofEpochSecond(second));
    }

    @Test
    void hasAllThatWasSaidAndByWhom() throws Exception {
        BuildLog log = log(0);
        try (log) {
            log.on(new BuildEvent.Started(1, "[1/2] FROM busybox"));
            log.on(new BuildEvent.Completed(1, Duration.ZERO));
            log.on(new BuildEvent.Started(2, "[2/2] RUN make"));
            log.on(new BuildEvent.Log(2, BuildEvent.Stream.STDOUT, Duration.ofMillis(12), "compiling"));
            log.on(new BuildEvent.Log(2, BuildEvent.Stream.STDERR, Duration.ofMillis(13), "\u001b[31mred"));
            log.on(new BuildEvent.Failed(2, Duration.ofSeconds(1), "exit code: 2", false));
        }
        Path file = log.file().orElseThrow();
        assertThat(file.getFileName().toString()).startsWith("19700101T000000.000Z-");
        assertThat(file).content().isEqualTo("""
                #2 [2/2] RUN make
                #2 0.012 compiling
                #2 0.013 \u001b[31mred
                #2 ERROR: exit code: 2
                """);
    }

    @Test
    void isNotThereIfNothingWasSaid() {
        BuildLog log = log(0);
        try (log) {
            log.on(new BuildEvent.Started(1, "[1/2] FROM busybox"));
            log.on(new BuildEvent.Completed(1, Duration.ZERO));
            log.on(new BuildEvent.Cached(2, "[2/2] RUN make"));
        }
        assertThat(log.file()).isEmpty();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void onlyTheLastBuildsHaveOne() throws Exception {
        for (int second = 0; second < 25; second++) {
            try (BuildLog log = log(second)) {
                log.on(new BuildEvent.Log(1, BuildEvent.Stream.STATUS, Duration.ZERO, "hello"));
            }
        }
        try (Stream<Path> files = Files.list(directory.resolve("logs"))) {
            assertThat(files.sorted().map(file -> file.getFileName().toString().substring(0, 15)))
                    .hasSize(20)
                    .startsWith("19700101T000005")
                    .endsWith("19700101T000024");
        }
    }

    @Test
    void aLogThatCannotBeWrittenEndsNoBuild() throws Exception {
        Files.writeString(directory.resolve("logs"), "no directory");
        BuildLog log = log(0);
        try (log) {
            log.on(new BuildEvent.Log(1, BuildEvent.Stream.STATUS, Duration.ZERO, "hello"));
        }
        assertThat(log.file()).isEmpty();
    }
}
