package dev.jbuild.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layerstore.fake.FaultProxy;
import dev.jbuild.layerstore.fake.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Debian's docker-registry on a free loopback port, and a proxy before it that remembers what was asked.
record TestRegistry(Process process, int port, FaultProxy proxy) implements AutoCloseable {
    /// Over plain HTTP, for everybody.
    static TestRegistry start(Path folder) throws IOException {
        return start(folder, "", "");
    }

    /// @param tls the `tls` settings of its server, empty for plain HTTP
    /// @param settings more of its configuration
    static TestRegistry start(Path folder, String tls, String settings) throws IOException {
        for (String program : List.of("docker-registry", "skopeo")) {
            assumeTrue(Shell.has(program), () -> program + " is not installed");
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(Files.createDirectories(folder).resolve("registry.yml"), """
                version: 0.1
                log: {level: info, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d"%s}
                %s
                """.formatted(
                        folder.resolve("storage"), port, tls.isEmpty() ? "" : ", tls: " + tls, settings));
        Process process = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .start();
        BufferedReader log = process.inputReader();
        List<String> said = new ArrayList<>();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            said.add(line);
            if (line.contains("listening on")) {
                Thread.ofVirtual().start(() -> log.lines().forEach(unread -> {}));
                return new TestRegistry(process, port, FaultProxy.before(port));
            }
        }
        throw new IOException("docker-registry ended: " + String.join("\n", said));
    }

    /// The registry itself.
    String direct() {
        return "127.0.0.1:" + port;
    }

    /// The registry by way of the proxy.
    String host() {
        return proxy.host();
    }

    /// Puts one of the test images there, without the proxy, and forgets what was asked before.
    void put(String image, String name) {
        Shell.run(
                "skopeo --insecure-policy copy -q --dest-tls-verify=false \"oci:$1\" docker://$2",
                TestImages.layout(image),
                direct() + "/" + name);
        proxy.reset();
    }

    /// What was asked since the last time, `HEAD /v2/base/manifests/1`, without the ranges.
    List<String> asked() {
        List<String> asked = proxy.requests().stream()
                .map(line -> line.split(" ", 3))
                .map(words -> words[0] + " " + words[1])
                .toList();
        proxy.reset();
        return asked;
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        process.destroy();
        process.onExit().join();
    }
}
