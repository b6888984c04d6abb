package dev.jbuild.layerstore.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A web proxy on a free loopback port that wants a login and leads to one server, whatever host it is asked for.
public final class WayThrough implements AutoCloseable {
    private final ServerSocket server;
    private final int port;
    private final String authorization;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private WayThrough(ServerSocket server, int port, String login) {
        this.server = server;
        this.port = port;
        this.authorization = "proxy-authorization: basic "
                + Base64.getEncoder().encodeToString(login.getBytes(UTF_8)).toLowerCase(Locale.ROOT);
        threads.execute(this::accept);
    }

    /// Starts one that leads to this loopback port.
    ///
    /// @param login `user:password`
    public static WayThrough to(int port, String login) {
        try {
            return new WayThrough(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port, login);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `127.0.0.1:port`.
    public String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// The first line of each connection.
    public List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() throws IOException {
        server.close();
        threads.shutdownNow();
    }

    private void accept() {
        try {
            while (!server.isClosed()) {
                Socket client = server.accept();
                threads.execute(() -> serve(client));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket other = new Socket(InetAddress.getLoopbackAddress(), port)) {
            InputStream in = client.getInputStream();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            for (int last = 0; last != 0x0d0a0d0a; ) {
                int next = in.read();
                if (next < 0) {
                    return;
                }
                bytes.write(next);
                last = last << 8 | next;
            }
            String head = bytes.toString(ISO_8859_1);
            requests.add(head.lines().findFirst().orElse(""));
            OutputStream out = client.getOutputStream();
            if (!head.toLowerCase(Locale.ROOT).contains(authorization)) {
                out.write("HTTP/1.1 407 Login\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(UTF_8));
                return;
            }
            if (head.startsWith("CONNECT ")) {
                out.write("HTTP/1.1 200 Go on\r\n\r\n".getBytes(UTF_8));
            } else {
                // One request a connection; the server only looks at the path.
                other.getOutputStream()
                        .write(head.replaceFirst("http://[^/]*", "")
                                .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n")
                                .getBytes(ISO_8859_1));
            }
            threads.execute(() -> pass(in, other));
            other.getInputStream().transferTo(out);
        } catch (IOException e) {
            // One end is gone, and the other one notices.
        }
    }

    private static void pass(InputStream in, Socket other) {
        try {
            in.transferTo(other.getOutputStream());
        } catch (IOException e) {
            // One end is gone, and the other one notices.
        }
    }
}
