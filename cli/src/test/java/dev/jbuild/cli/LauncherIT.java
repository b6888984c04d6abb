package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.cli.report.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The packed distribution, unpacked where users unpack things.
class LauncherIT {

    private static final Outcome VERSION = new Outcome(0, "jbuild " + VersionCommand.VERSION + "\n", "");
    private static final Outcome UNKNOWN = new Outcome(
            ExitCode.USAGE.code(), "", "jbuild: unknown command 'nonsense'; 'jbuild --help' lists the commands\n");
    private static final Map<String, String> WAIT = Map.of("JBUILD_AOT", "wait");

    @TempDir
    static Path shared;

    @TempDir
    Path directory;

    private static Installation fresh;
    private static Installation trained;

    @BeforeAll
    static void unpackAndTrain() throws Exception {
        fresh = Installation.unpack(shared.resolve("a path with spaces"));
        trained = fresh.copyTo(shared.resolve("trained, moved"));
        assertThat(trained.run(WAIT, "nonsense")).isEqualTo(UNKNOWN);
        assertThat(trained.caches()).singleElement().asString().endsWith(".aot");
    }

    @Test
    void startsFromAPathWithSpaces() throws Exception {
        assertThat(fresh.run("version")).isEqualTo(VERSION);
        assertThat(fresh.caches()).as("with JBUILD_AOT=off").isEmpty();
    }

    @Test
    void startsThroughSymbolicLinksAndRelativePaths() throws Exception {
        Path links = Files.createDirectory(shared.resolve("links"));
        Path link = Files.createSymbolicLink(links.resolve("absolute"), fresh.launcher());
        Files.createSymbolicLink(links.resolve("relative"), link.getFileName());
        Map<String, String> off = Map.of("JBUILD_AOT", "off");

        assertThat(Installation.start(links, off, List.of("./relative", "version")))
                .isEqualTo(VERSION);
        assertThat(Installation.start(fresh.home(), off, List.of("bin/jbuild", "version")))
                .isEqualTo(VERSION);
        assertThat(Installation.start(fresh.home().resolve("bin"), off, List.of("sh", "jbuild", "version")))
                .isEqualTo(VERSION);
    }

    @Test
    void passesArgumentsAndExitCodesThrough() throws Exception {
        Outcome outcome = fresh.run("no such * command");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(outcome.err()).startsWith("jbuild: unknown command 'no such * command'");
    }

    @Test
    void otherJavaProgramsOptionsDoNotReachIt() throws Exception {
        Map<String, String> environment = Map.of(
                "JBUILD_AOT",
                "off",
                "JAVA_TOOL_OPTIONS",
                "-XX:+UseParallelGC",
                "JDK_JAVA_OPTIONS",
                "-Dx=y",
                "LC_ALL",
                "C");
        assertThat(fresh.run(environment, "version")).isEqualTo(VERSION);
    }

    @Test
    void aJavaHomeThatIsTooOldIsPassedOver() throws Exception {
        Path old = directory.resolve("jdk-17");
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        Files.copy(Path.of("/bin/false"), old.resolve("bin/java"), StandardCopyOption.COPY_ATTRIBUTES);
        assertThat(fresh.run(Map.of("JBUILD_AOT", "off", "JAVA_HOME", old.toString()), "version"))
                .isEqualTo(VERSION);
    }

    @Test
    void aJdkThatWasAskedForByNameMustDo() throws Exception {
        assertThat(fresh.run(Map.of("JBUILD_JAVA_HOME", directory.toString()), "version"))
                .isEqualTo(new Outcome(
                        69,
                        "",
                        "jbuild: JBUILD_JAVA_HOME=" + directory
                                + " is not a JDK 25 or newer; unset it or set it to one\n"));
    }

    @Test
    void theTrainedCacheIsReallyUsed() throws Exception {
        Outcome outcome =
                trained.run(Map.of("JBUILD_JAVA_OPTS", "-XX:AOTMode=on -Xlog:class+load=info:stdout"), "nonsense");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE.code());
        assertThat(outcome.out()).contains("dev.jbuild.cli.HelpCommand source: shared objects file");
    }

    @Test
    void aCacheOfOtherJarsIsLeftAlone() throws Exception {
        Installation changed = trained.copyTo(directory.resolve("changed"));
        assertThat(changed.run(WAIT, "nonsense")).isEqualTo(UNKNOWN);
        assertThat(changed.caches()).as("a copy keeps its cache").hasSize(1);
        replaceHelpCommand(changed, directory);

        Outcome newer = new Outcome(0, "another class\n", "");
        assertThat(changed.run(WAIT, "nonsense")).isEqualTo(newer);
        assertThat(changed.caches()).as("old and new").hasSize(2);
        assertThat(changed.run(WAIT, "nonsense")).as("from the new cache").isEqualTo(newer);
    }

    @Test
    void aDamagedCacheIsPassedOverInSilence() throws Exception {
        Installation damaged = trained.copyTo(directory.resolve("damaged"));
        Path cache = damaged.caches().getFirst();
        byte[] good = Files.readAllBytes(cache);

        Files.write(cache, Arrays.copyOf(good, good.length / 2));
        assertThat(damaged.run(Map.of(), "nonsense")).as("cut off").isEqualTo(UNKNOWN);
        Files.write(cache, "not a cache at all\n".repeat(1000).getBytes(StandardCharsets.US_ASCII));
        assertThat(damaged.run(Map.of(), "nonsense")).as("something else").isEqualTo(UNKNOWN);
    }

    @Test
    void twoFirstStartsAtOnceMakeOneCache() throws Exception {
        Installation installation = fresh.copyTo(directory.resolve("two"));
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<Outcome> first = threads.submit(() -> installation.run(WAIT, "nonsense"));
            Future<Outcome> second = threads.submit(() -> installation.run(WAIT, "nonsense"));
            assertThat(first.get()).isEqualTo(UNKNOWN);
            assertThat(second.get()).isEqualTo(UNKNOWN);
        }
        assertThat(installation.caches()).singleElement().asString().endsWith(".aot");
    }

    @Test
    void aReadOnlyInstallationKeepsItsCacheWithTheUser() throws Exception {
        Outcome able = Installation.start(Path.of("/"), Map.of(), List.of("unshare", "--mount", "true"));
        assumeTrue(able.code() == 0, "needs the right to mount: " + able.err());
        Installation installation = fresh.copyTo(directory.resolve("read only"));
        Path caches = directory.resolve("caches");
        List<String> readOnly = List.of(
                "unshare",
                "--mount",
                "sh",
                "-euc",
                "mount --bind \"$1\" \"$1\"; mount -o remount,ro,bind \"$1\"; exec \"$1/bin/jbuild\" version",
                "sh",
                installation.home().toString());

        Map<String, String> homeless = Map.of("JBUILD_AOT", "wait");
        assertThat(Installation.start(Path.of("/"), homeless, readOnly)).isEqualTo(VERSION);
        Map<String, String> cached = Map.of("JBUILD_AOT", "wait", "XDG_CACHE_HOME", caches.toString());
        assertThat(Installation.start(Path.of("/"), cached, readOnly)).isEqualTo(VERSION);

        assertThat(Installation.cachesIn(caches.resolve("jbuild")))
                .singleElement()
                .asString()
                .endsWith(".aot");
        assertThat(installation.caches()).isEmpty();
    }

    @Test
    void theLaunchersProcessBecomesTheJvm() throws Exception {
        assertThat(started("version")).as("bare").isEqualTo(Path.of("java"));
        assertThat(started("images")).as("quick").isEqualTo(Path.of("java"));
        assertThat(started("build")).as("in namespaces").isEqualTo(Path.of("java"));
    }

    /// The program that the launcher's process id runs once the JVM is up, held there by a JVM that pauses at start.
    private Path started(String command) throws IOException, InterruptedException {
        Path paused = directory.resolve("paused." + command);
        String options = "-XX:+UnlockDiagnosticVMOptions -XX:+PauseAtStartup -XX:PauseAtStartupFile=" + paused;
        Map<String, String> environment = Map.of("JBUILD_AOT", "off", "JBUILD_JAVA_OPTS", options);
        try (var watch = FileSystems.getDefault().newWatchService()) {
            directory.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            Process process = Installation.prepare(
                            directory, environment, List.of(fresh.launcher().toString(), command))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            while (!Files.exists(paused) && process.isAlive()) {
                WatchKey key = watch.poll(1, TimeUnit.SECONDS);
                if (key != null) {
                    key.reset();
                }
            }
            Path program = Path.of(process.info().command().orElse("none")).getFileName();
            process.destroy();
            assertThat(process.waitFor()).as("killed by SIGTERM").isEqualTo(128 + 15);
            return program;
        }
    }

    /// Puts a class into the cli's jar that answers unknown commands differently.
    private static void replaceHelpCommand(Installation installation, Path scratch) throws IOException {
        Path jar = installation.home().resolve("lib/jbuild-cli-" + VersionCommand.VERSION + ".jar");
        Path source = Files.writeString(scratch.resolve("HelpCommand.java"), """
                package dev.jbuild.cli;

                import dev.jbuild.cli.report.ExitCode;
                import dev.jbuild.cli.report.Io;

                final class HelpCommand {
                    static ExitCode unknown(String command, Io io) {
                        io.out().println("another class");
                        return ExitCode.OK;
                    }
                }
                """);
        int code = ToolProvider.findFirst("javac")
                .orElseThrow()
                .run(
                        System.out,
                        System.err,
                        "-proc:none",
                        "-cp",
                        jar.toString(),
                        "-d",
                        scratch.toString(),
                        source.toString());
        assertThat(code).isZero();
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Files.copy(
                    scratch.resolve("dev/jbuild/cli/HelpCommand.class"),
                    zip.getPath("dev/jbuild/cli/HelpCommand.class"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
