package dev.jbuild.layerstore.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.registry.RegistryException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/// A running `docker-registry` of Debian, ended when closed.
record DockerRegistry(Process process, int port) implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");

    /// Starts one on a free loopback port.
    ///
    /// @param folder where its files go
    /// @param settings more of its configuration
    static DockerRegistry start(Path folder, String settings) throws IOException {
        return start(folder, settings, "");
    }

    /// @param tls the `tls` settings of its server, empty for plain HTTP
    static DockerRegistry start(Path folder, String settings, String tls) throws IOException {
        assumeTrue(Files.isExecutable(PROGRAM), PROGRAM + " is not there: apt-get install docker-registry");
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = folder.resolve("config.yml");
        Files.writeString(
                config, """
                version: 0.1
                log: {level: error, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "127.0.0.1:%d"%s}
                %s
                """.formatted(folder.resolve("storage"), port, tls.isEmpty() ? "" : ", tls: " + tls, settings));
        Process process = new ProcessBuilder(PROGRAM.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        DockerRegistry registry = new DockerRegistry(process, port);
        String toml = "[registry.'" + registry.host() + "']\ninsecure = true\nhttp = " + tls.isEmpty();
        try (RegistryClient client =
                new RegistryClient(RegistryConfig.parse(toml, "test", folder), Credentials.none())) {
            for (int i = 0; i < 10 && process.isAlive(); i++) {
                try {
                    client.head(ImageReference.parse(registry.host() + "/started"));
                } catch (RegistryException e) {
                    if (e.kind() != Kind.UNREACHABLE) {
                        break;
                    }
                }
            }
        }
        assertThat(process.isAlive())
                .as(Files.readString(folder.resolve("log")))
                .isTrue();
        return registry;
    }

    /// `127.0.0.1:port`.
    String host() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
