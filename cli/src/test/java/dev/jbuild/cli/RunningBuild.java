package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A build under way, to be watched and ended.
final class RunningBuild implements AutoCloseable {
    private final Process process;
    private final BufferedReader err;
    private final StringBuilder said = new StringBuilder();

    private RunningBuild(Process process) {
        this.process = process;
        this.err = process.errorReader(StandardCharsets.UTF_8);
    }

    /// Starts `jbuild build --progress=plain ARGUMENTS .` in `directory`. Nobody reads its standard output.
    static RunningBuild start(Jbuild jbuild, Path directory, List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("build", "--progress=plain"));
        all.addAll(arguments);
        all.add(".");
        return start(jbuild.prepare(directory, all));
    }

    static RunningBuild start(ProcessBuilder process) throws IOException {
        // Tests that a shell runs in the background have Ctrl-C ignored, and what is ignored stays so in children.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(process.command());
        process.command(command);
        return new RunningBuild(process.start());
    }

    long pid() {
        return process.pid();
    }

    /// Reads on until a line contains this text.
    void waitFor(String text) throws IOException {
        for (String line = err.readLine(); line != null; line = err.readLine()) {
            said.append(line).append('\n');
            if (line.contains(text)) {
                return;
            }
        }
        throw new AssertionError("ended without \"" + text + "\":\n" + said);
    }

    /// The processes of a step: those that have this word among their arguments.
    static List<ProcessHandle> processes(String word) {
        return ProcessHandle.allProcesses()
                .filter(handle -> Arrays.asList(handle.info().arguments().orElse(new String[0]))
                        .contains(word))
                .toList();
    }

    /// Kills it outright.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Its exit code, once it has ended of itself, and what it said.
    int join() throws IOException, InterruptedException {
        err.lines().forEach(line -> said.append(line).append('\n'));
        return process.waitFor();
    }

    String said() {
        return said.toString();
    }

    /// Waits until these processes are gone.
    static void waitUntilGone(List<ProcessHandle> processes) throws InterruptedException, ExecutionException {
        for (ProcessHandle handle : processes) {
            try {
                handle.onExit().get(10, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                throw new AssertionError("still there: " + handle.info(), e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.getInputStream().close();
        assertThat(process.onExit()).succeedsWithin(java.time.Duration.ofSeconds(10));
    }
}
