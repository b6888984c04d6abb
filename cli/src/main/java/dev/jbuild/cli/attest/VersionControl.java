package dev.jbuild.cli.attest;

import dev.jbuild.exporter.attestation.Redaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What git says of a build context that is a directory in a working tree: a hint for those who read provenance, that
/// nobody has checked.
final class VersionControl {
    private static final int MOST_SECONDS = 20;

    private final Path git;
    private final Path directory;

    private VersionControl(Path git, Path directory) {
        this.git = git;
        this.directory = directory;
    }

    /// `source`, `revision` (with `-dirty` behind it if files differ from it) and the context's place in the tree;
    /// nothing if there is no commit.
    ///
    /// @param git the program, if there is one
    /// @param environment `BUILDX_GIT_INFO` and `BUILDX_GIT_CHECK_DIRTY` can say no
    static SortedMap<String, String> of(Path directory, Optional<Path> git, Map<String, String> environment)
            throws IOException, InterruptedException {
        SortedMap<String, String> found = new TreeMap<>();
        if (git.isEmpty() || isOff(environment, "BUILDX_GIT_INFO")) {
            return found;
        }
        VersionControl control = new VersionControl(git.get(), directory);
        Optional<String> commit = control.ask("rev-parse", "--verify", "HEAD^{commit}");
        if (commit.isEmpty()) {
            return found;
        }
        // A filter of the repository's own is a program that comparing files would run.
        boolean filters =
                control.ask("config", "--local", "--get-regexp", "^filter\\.").isPresent();
        boolean dirty = !isOff(environment, "BUILDX_GIT_CHECK_DIRTY")
                && !filters
                && control.ask("status", "--porcelain", "--ignored=no", "--", ".")
                        .filter(changes -> !changes.isEmpty())
                        .isPresent();
        found.put("revision", commit.get() + (dirty ? "-dirty" : ""));
        control.ask("remote", "get-url", "origin")
                .filter(remote -> !remote.isEmpty())
                .ifPresent(remote -> found.put("source", Redaction.text(remote)));
        control.ask("rev-parse", "--show-prefix").ifPresent(prefix -> {
            String place = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
            found.put("localdir:context", place.isEmpty() ? "." : place);
        });
        return found;
    }

    private static boolean isOff(Map<String, String> environment, String name) {
        return List.of("0", "f", "F", "false", "FALSE", "False").contains(environment.getOrDefault(name, ""));
    }

    // Nothing of the repository's own configuration may start a program: it may be somebody else's.
    private Optional<String> ask(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                git.toString(),
                "-C",
                directory.toString(),
                "-c",
                "core.fsmonitor=false",
                "-c",
                "core.hooksPath=/dev/null"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? Optional.of(said.strip()) : Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }
}
