package dev.jbuild.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/// A registry on the loopback that has nothing: it hangs up on TLS and answers 404 to plain requests. The client that
/// asks it in training has then loaded its classes for both.
final class TrainingServer implements AutoCloseable {
    private static final int TLS_HANDSHAKE = 22;
    private static final byte[] NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket server;

    TrainingServer() throws IOException {
        server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    /// As in the name of an image: `127.0.0.1:40123`.
    String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    private void serve() {
        while (true) {
            try (Socket client = server.accept()) {
                InputStream in = client.getInputStream();
                byte[] request = new byte[8192];
                if (in.read(request) > 0 && request[0] != TLS_HANDSHAKE) {
                    client.getOutputStream().write(NOT_FOUND);
                }
            } catch (SocketException e) {
                if (server.isClosed()) {
                    return;
                }
                // A client that hung up: the next one, please.
            } catch (IOException e) {
                throw new UncheckedIOException("cannot serve the training: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
