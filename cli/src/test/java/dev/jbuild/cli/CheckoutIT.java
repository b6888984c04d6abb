package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jbuild.cli.Installation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher at the root of a checkout, with a Maven in its place that takes no time: it counts its runs and
/// delivers the distribution that the real one made.
class CheckoutIT {

    private static final String VERSION = "jbuild " + VersionCommand.VERSION + "\n";
    private static final String BUILDING = "jbuild: building from source, once; this takes about a minute\n";

    private static final String DELIVER = "mkdir -p cli/target/launcher; cp \"$DISTRIBUTION\" cli/target/launcher/";

    @TempDir
    Path directory;

    private Path checkout;
    private Path bin;
    private Path runs;

    @BeforeEach
    void checkOut() throws Exception {
        Path root = Path.of(System.getProperty("jbuild.root"));
        checkout = Files.createDirectory(directory.resolve("a checkout"));
        bin = Files.createDirectory(directory.resolve("bin"));
        runs = directory.resolve("runs");
        Outcome copied = Installation.start(
                root,
                Map.of(),
                List.of(
                        "cp",
                        "-a",
                        "--parents",
                        "jbuild",
                        "pom.xml",
                        ".mvn",
                        "cli/pom.xml",
                        "cli/src",
                        checkout.toString()));
        assertThat(copied.err()).isEmpty();
        maven(DELIVER);
    }

    @Test
    void buildsOnceAndAgainOnlyAfterASourceChanged() throws Exception {
        assertThat(run()).isEqualTo(new Outcome(0, VERSION, BUILDING));
        assertThat(run()).as("second run").isEqualTo(new Outcome(0, VERSION, ""));
        assertThat(runs()).isEqualTo(1);

        Path source = checkout.resolve("cli/src/main/java/dev/jbuild/cli/Main.java");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now()));
        assertThat(run()).as("edited").isEqualTo(new Outcome(0, VERSION, BUILDING));
        Files.delete(source);
        assertThat(run()).as("deleted").isEqualTo(new Outcome(0, VERSION, BUILDING));
        assertThat(run()).isEqualTo(new Outcome(0, VERSION, ""));
        assertThat(runs()).isEqualTo(3);
    }

    @Test
    void aSourceEditedDuringTheBuildIsNotMissed() throws Exception {
        // Files get the time of the kernel's last tick: only from the next one on is an edit newer.
        maven("until [ -n \"$(find cli/src/main -newer cli/target/run/started)\" ]; do"
                + " touch cli/src/main/java/dev/jbuild/cli/Main.java; done; " + DELIVER);
        assertThat(run().err()).isEqualTo(BUILDING);
        maven(DELIVER);
        assertThat(run().err()).isEqualTo(BUILDING);
        assertThat(run().err()).isEmpty();
    }

    @Test
    void twoFirstRunsAtOnceBuildOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Outcome> first = threads.submit(this::run);
            Future<Outcome> second = threads.submit(this::run);
            assertThat(first.get().out()).isEqualTo(VERSION);
            assertThat(second.get().out()).isEqualTo(VERSION);
        }
        assertThat(runs()).isEqualTo(1);
    }

    @Test
    void aFailedBuildShowsWhatMavenSaidAndIsTriedAgain() throws Exception {
        maven("echo 'Main.java:7: no'; exit 1");
        Outcome failed = run();
        assertThat(failed.code()).isEqualTo(69);
        assertThat(failed.out()).isEmpty();
        assertThat(failed.err())
                .startsWith(BUILDING + "Main.java:7: no\n")
                .endsWith("jbuild: the build failed; to see it again: cd '" + checkout
                        + "' && mvn -Plauncher -Dmaven.test.skip=true package\n");

        maven(DELIVER);
        assertThat(run()).isEqualTo(new Outcome(0, VERSION, BUILDING));
    }

    @Test
    void startsThroughASymbolicLink() throws Exception {
        Files.createSymbolicLink(directory.resolve("link"), checkout.resolve("jbuild"));
        assertThat(start("../link").out()).isEqualTo(VERSION);
    }

    private Outcome run() throws IOException, InterruptedException {
        return start(checkout.resolve("jbuild").toString());
    }

    private Outcome start(String launcher) throws IOException, InterruptedException {
        Map<String, String> environment = Map.of(
                "JBUILD_AOT",
                "off",
                "PATH",
                bin + ":" + System.getenv("PATH"),
                "RUNS",
                runs.toString(),
                "DISTRIBUTION",
                System.getProperty("jbuild.distribution"));
        return Installation.start(bin, environment, List.of(launcher, "version"));
    }

    private int runs() throws IOException {
        return Files.readAllLines(runs).size();
    }

    private void maven(String script) throws IOException {
        Path mvn = bin.resolve("mvn");
        Files.writeString(mvn, "#!/bin/sh\nset -eu\necho \"$*\" >>\"$RUNS\"\n" + script + "\n");
        Files.setPosixFilePermissions(mvn, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
