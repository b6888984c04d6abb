package dev.jbuild.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// jbuild as a user installs it: the packed distribution, unpacked somewhere, started through its launcher.
record Installation(Path home) {

    /// What a process printed and how it ended.
    record Outcome(int code, String out, String err) {}

    static Installation unpack(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        Outcome tar = start(
                directory,
                Map.of(),
                List.of("tar", "-xzf", System.getProperty("jbuild.distribution"), "--strip-components=1"));
        if (tar.code() != 0) {
            throw new IOException("tar: " + tar.err());
        }
        return new Installation(directory);
    }

    /// Another installation with the same files at the same times, as `cp -a` makes it.
    Installation copyTo(Path directory) throws IOException, InterruptedException {
        Outcome cp = start(home, Map.of(), List.of("cp", "-a", ".", directory.toString()));
        if (cp.code() != 0) {
            throw new IOException("cp: " + cp.err());
        }
        return new Installation(directory);
    }

    Path launcher() {
        return home.resolve("bin/jbuild");
    }

    Outcome run(String... arguments) throws IOException, InterruptedException {
        return run(Map.of("JBUILD_AOT", "off"), arguments);
    }

    Outcome run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(launcher().toString()));
        command.addAll(List.of(arguments));
        return start(Path.of("/"), environment, command);
    }

    /// The AOT caches in `directory`, finished or not.
    static List<Path> cachesIn(Path directory) {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith("jbuild-"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Path> caches() {
        return cachesIn(home.resolve("aot"));
    }

    /// Runs a command that sees only PATH and what `environment` holds.
    static Outcome start(Path directory, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        return start(prepare(directory, environment, command));
    }

    static Outcome start(ProcessBuilder builder) throws IOException, InterruptedException {
        Path out = Files.createTempFile("jbuild-", ".out");
        Path err = Files.createTempFile("jbuild-", ".err");
        try {
            Process process = builder.redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            process.getOutputStream().close();
            int code = process.waitFor();
            return new Outcome(code, Files.readString(out), Files.readString(err, StandardCharsets.UTF_8));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    static ProcessBuilder prepare(Path directory, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().keySet().removeIf(name -> !name.equals("PATH"));
        builder.environment().putAll(environment);
        return builder;
    }
}
