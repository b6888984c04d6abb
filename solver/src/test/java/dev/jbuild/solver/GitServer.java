package dev.jbuild.solver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Repositories on the loopback, served by git's own daemon, and what makes them.
final class GitServer implements AutoCloseable {
    private final Path directory;
    private final Process daemon;
    private final int port;

    GitServer(Path directory) throws Exception {
        this.directory = Files.createDirectories(directory);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path program = Path.of(run(directory, "git --exec-path")).resolve("git-daemon");
        daemon = new ProcessBuilder(
                        program.toString(),
                        "--verbose",
                        "--listen=127.0.0.1",
                        "--port=" + port,
                        "--export-all",
                        "--base-path=" + directory)
                .redirectErrorStream(true)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(daemon.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        while (line != null && !line.contains("Ready")) {
            line = lines.readLine();
        }
        Thread.ofVirtual().start(() -> lines.lines().forEach(said -> {}));
    }

    String url(String repository) {
        return "git://127.0.0.1:" + port + "/" + repository;
    }

    Path directory() {
        return directory;
    }

    /// A new, empty repository.
    void init(String repository) throws Exception {
        run(directory, "git init -q -b main " + repository);
    }

    /// Runs a shell script in a repository and returns the last line of what it says.
    String in(String repository, String script) throws Exception {
        return run(directory.resolve(repository), script);
    }

    static String run(Path directory, String script) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-ec", script));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            builder.environment().put("GIT_" + who + "_NAME", "Test");
            builder.environment().put("GIT_" + who + "_EMAIL", "test@example.com");
            builder.environment().put("GIT_" + who + "_DATE", "2021-02-03T04:05:06Z");
        }
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new AssertionError(script + "\n" + output);
        }
        return output.substring(output.lastIndexOf('\n') + 1);
    }

    @Override
    public void close() {
        daemon.descendants().forEach(ProcessHandle::destroy);
        daemon.destroy();
    }
}
