package dev.jbuild.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.jbuild.layerstore.fake.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A web server and git's own, both on the loopback, for the files of one directory.
final class ContextServers implements AutoCloseable {
    private final Path directory;
    private final HttpServer web;
    private final Process git;
    private final int gitPort;

    /// What was asked of the web server: `PATH STATUS`.
    final List<String> requests = new CopyOnWriteArrayList<>();

    ContextServers(Path directory) throws IOException {
        assumeTrue(Shell.has("git"), "needs git");
        this.directory = directory;
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", this::answer);
        web.start();
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            gitPort = free.getLocalPort();
        }
        git = new ProcessBuilder(
                        Path.of(Shell.run("git --exec-path").strip())
                                .resolve("git-daemon")
                                .toString(),
                        "--verbose",
                        "--listen=127.0.0.1",
                        "--port=" + gitPort,
                        "--export-all",
                        "--base-path=" + directory)
                .redirectErrorStream(true)
                .start();
        BufferedReader said = new BufferedReader(new InputStreamReader(git.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        while (line != null && !line.contains("Ready")) {
            line = said.readLine();
        }
        assertThat(line).as("git daemon").isNotNull();
        Thread.ofVirtual().start(() -> said.lines().forEach(each -> {}));
    }

    String url(String file) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + "/" + file;
    }

    String git(String repository) {
        return "git://127.0.0.1:" + gitPort + "/" + repository;
    }

    /// Makes a repository, or a commit in one: the script runs in its working tree, and all that is there is committed.
    ///
    /// @return the commit
    String commit(String repository, String script) {
        return Shell.run(
                        "mkdir -p \"$1\" && cd \"$1\" && { [ -d .git ] || git init -q -b main . ; } && " + script
                                + " && git add -A && GIT_COMMITTER_DATE=2021-02-03T04:05:06Z git -c user.name=Test"
                                + " -c user.email=test@example.com commit -q --allow-empty -m change && git rev-parse HEAD",
                        directory.resolve(repository))
                .strip();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = directory.resolve(exchange.getRequestURI().getPath().substring(1));
            int status = 404;
            if (Files.isRegularFile(file)) {
                Instant modified = Files.getLastModifiedTime(file).toInstant();
                String time = DateTimeFormatter.RFC_1123_DATE_TIME.format(modified.atOffset(ZoneOffset.UTC));
                exchange.getResponseHeaders().set("Last-Modified", time);
                status = time.equals(exchange.getRequestHeaders().getFirst("If-Modified-Since")) ? 304 : 200;
            }
            requests.add(exchange.getRequestURI().getPath() + " " + status);
            if (status == 200) {
                byte[] body = Files.readAllBytes(file);
                exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                exchange.getResponseBody().write(body);
            } else {
                exchange.sendResponseHeaders(status, -1);
            }
        }
    }

    @Override
    public void close() {
        web.stop(0);
        git.descendants().forEach(ProcessHandle::destroy);
        git.destroy();
    }
}
