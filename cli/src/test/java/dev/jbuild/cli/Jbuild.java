package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.cli.Installation.Outcome;
import dev.jbuild.layerstore.fake.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The installed jbuild on a store of its own: every command is a process, as for a user.
record Jbuild(Path launcher, Path store, Map<String, String> environment) implements AutoCloseable {

    /// One installation for all test classes of a run, with its AOT cache.
    private static final class Shared {
        static final Installation INSTALLATION = unpack();

        private static Installation unpack() {
            Path target = Path.of(System.getProperty("jbuild.distribution")).resolveSibling("installed");
            try {
                Installation.start(Path.of("/"), Map.of(), List.of("rm", "-rf", target.toString()));
                Installation installation = Installation.unpack(target);
                Outcome outcome = installation.run(Map.of("JBUILD_AOT", "wait"), "version");
                assertThat(outcome.code()).as(outcome.err()).isZero();
                return installation;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    Jbuild {
        environment = Map.copyOf(environment);
    }

    /// With an empty store in `directory`. Tests that build need the right to mount, and are skipped without it.
    static Jbuild in(Path directory) throws IOException, InterruptedException {
        Outcome able = Installation.start(Path.of("/"), Map.of(), List.of("unshare", "--mount", "true"));
        assumeTrue(able.code() == 0, () -> "needs root: " + able.err().strip());
        return new Jbuild(Shared.INSTALLATION.launcher(), directory.resolve("store"), Map.of());
    }

    /// Removes the store.
    @Override
    public void close() {
        Shell.run("rm -rf \"$1\"", store);
    }

    /// The same with one more variable in the environment.
    Jbuild with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Jbuild(launcher, store, more);
    }

    /// The installation that the launcher belongs to.
    Path home() {
        return launcher.resolve("../..").normalize();
    }

    /// A process that runs `jbuild ARGUMENTS` in `directory`, not yet started.
    ProcessBuilder prepare(Path directory, List<String> arguments) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("JBUILD_ROOT", store.toString());
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(arguments);
        return Installation.prepare(directory, all, command);
    }

    Outcome run(Path directory, List<String> arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = prepare(directory, arguments);
        return Installation.start(directory, builder.environment(), builder.command());
    }

    /// A command that has to end well.
    Outcome run(String... arguments) throws IOException, InterruptedException {
        Outcome outcome = run(store.resolveSibling("."), List.of(arguments));
        assertThat(outcome.code())
                .as("%s%n%s", List.of(arguments), outcome.err())
                .isZero();
        return outcome;
    }

    /// `jbuild build --progress=plain` in `directory`, with the context there.
    Outcome tryBuild(Path directory, List<String> arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("build", "--progress=plain"));
        all.addAll(arguments);
        all.add(".");
        return run(directory, all);
    }

    /// A build that has to end well, and what it told.
    PlainLog build(Path directory, List<String> arguments) throws IOException, InterruptedException {
        Outcome outcome = tryBuild(directory, arguments);
        assertThat(outcome.code()).as("%s%n%s", arguments, outcome.err()).isZero();
        return PlainLog.of(outcome.err());
    }

    /// `directory` with a Dockerfile of this text in it.
    static Path context(Path directory, String dockerfile) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("Dockerfile"), dockerfile);
        return directory;
    }
}
