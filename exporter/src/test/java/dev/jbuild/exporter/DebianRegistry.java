package dev.jbuild.exporter;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Debian's docker-registry on a free port of this machine, until it is closed.
record DebianRegistry(Process process, String host) implements AutoCloseable {
    static DebianRegistry start(Path folder) throws IOException {
        Tool program = Tool.named("docker-registry");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s/registry
                http:
                  addr: 127.0.0.1:%d
                """.formatted(folder, port));
        Process process = new ProcessBuilder(program.program(), "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader log = process.inputReader();
        List<String> said = new ArrayList<>();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.add(line);
            if (line.contains("listening on")) {
                Thread.ofVirtual().start(() -> log.lines().forEach(unread -> {}));
                return new DebianRegistry(process, "127.0.0.1:" + port);
            }
        }
        throw new IOException("docker-registry ended: " + String.join("\n", said));
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
