package dev.jbuild.layerstore.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A server on a free loopback port that passes requests on to another one, one connection for each, and
/// spoils the answers that it is told to spoil.
public final class FaultProxy implements AutoCloseable {
    private static final int BUFFER = 16 << 10;

    private final ServerSocket server;
    private final int upstream;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Planned> plan = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    /// What goes wrong.
    public sealed interface Trouble {
        /// The server is not asked: this is the answer.
        record Refuse(int status, Map<String, String> headers) implements Trouble {
            public Refuse {
                headers = Map.copyOf(headers);
            }
        }

        /// The request loses its login on the way, as if that had ended.
        record DropLogin() implements Trouble {}

        /// The request gets through as it is.
        record None() implements Trouble {}

        /// The connection is reset after so many bytes of the answer's body.
        record ResetAnswer(long bytes) implements Trouble {}

        /// The answer's body ends after so many bytes, and the header says so.
        record Truncate(long bytes) implements Trouble {}

        /// One bit of the answer's body is another one.
        record FlipAnswer() implements Trouble {}

        /// The connection is reset after so many bytes of the request's body have been passed on.
        record ResetRequest(long bytes) implements Trouble {}

        /// One bit of the request's body is another one.
        record FlipRequest() implements Trouble {}

        /// After so many bytes no more of the request's body is read, and nothing is answered.
        record StallRequest(long bytes) implements Trouble {}

        /// The answer's header comes byte by byte.
        record TrickleHeader() implements Trouble {}

        /// The answer's body comes byte by byte, after so many that do not.
        record TrickleAnswer(long bytes) implements Trouble {}
    }

    private record Planned(String method, String pathPart, Trouble trouble) {}

    /// The lines before a body.
    private record Head(String first, Map<String, String> fields) {
        long length() {
            return Long.parseLong(fields.getOrDefault("Content-Length", "0"));
        }

        byte[] bytes() {
            return (first + "\r\n"
                            + fields.entrySet().stream()
                                    .map(field -> field.getKey() + ": " + field.getValue() + "\r\n")
                                    .collect(Collectors.joining())
                            + "\r\n")
                    .getBytes(ISO_8859_1);
        }
    }

    private FaultProxy(ServerSocket server, int upstream) {
        this.server = server;
        this.upstream = upstream;
        threads.execute(this::accept);
    }

    /// Starts one before the server on this loopback port.
    public static FaultProxy before(int upstream) {
        try {
            return new FaultProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), upstream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `127.0.0.1:port`.
    public String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /// Spoils the next requests of this method whose path contains this text, one for each trouble.
    public void plan(String method, String pathPart, Trouble... next) {
        synchronized (plan) {
            for (Trouble trouble : next) {
                plan.add(new Planned(method, pathPart, trouble));
            }
        }
    }

    /// Forgets what has not gone wrong yet, and the requests so far.
    public void reset() {
        synchronized (plan) {
            plan.clear();
            requests.clear();
        }
    }

    /// How many troubles have not happened yet.
    public int planned() {
        synchronized (plan) {
            return plan.size();
        }
    }

    /// The requests so far: method, path, and the range that each asked for or sent.
    public List<String> requests() {
        synchronized (plan) {
            return List.copyOf(requests);
        }
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
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

    private @Nullable Trouble next(Head request) {
        String[] line = request.first.split(" ", 3);
        String range = request.fields.getOrDefault("Range", request.fields.getOrDefault("Content-Range", ""));
        synchronized (plan) {
            requests.add((line[0] + " " + line[1] + " " + range).strip());
            for (Iterator<Planned> each = plan.iterator(); each.hasNext(); ) {
                Planned planned = each.next();
                if (planned.method.equals(line[0]) && line[1].contains(planned.pathPart)) {
                    each.remove();
                    return planned.trouble;
                }
            }
            return null;
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket other = new Socket(InetAddress.getLoopbackAddress(), upstream)) {
            InputStream fromClient = new BufferedInputStream(client.getInputStream(), BUFFER);
            Head request = head(fromClient);
            if (request == null) {
                return;
            }
            Trouble trouble = next(request);
            OutputStream toClient = client.getOutputStream();
            if (trouble instanceof Trouble.Refuse(int status, Map<String, String> headers)) {
                fromClient.skipNBytes(request.length());
                Map<String, String> fields = new TreeMap<>(headers);
                fields.put("Content-Length", "0");
                fields.put("Connection", "close");
                toClient.write(new Head("HTTP/1.1 " + status + " Refused", fields).bytes());
                return;
            }
            request.fields.put("Connection", "close");
            if (trouble instanceof Trouble.DropLogin) {
                // A server that refuses need not read what it refuses.
                fromClient.skipNBytes(request.length());
                request.fields.put("Content-Length", "0");
                request.fields.remove("Authorization");
            }
            other.getOutputStream().write(request.bytes());
            if (!passBody(fromClient, other.getOutputStream(), request.length(), trouble, client, other)) {
                return;
            }
            answer(request, other, client, toClient, trouble);
        } catch (IOException | InterruptedException e) {
            // One end is gone, and the other one notices.
        }
    }

    // Returns whether there is to be an answer.
    private boolean passBody(
            InputStream in, OutputStream out, long length, @Nullable Trouble trouble, Socket client, Socket other)
            throws IOException, InterruptedException {
        switch (trouble) {
            case Trouble.ResetRequest(long bytes) -> {
                copy(in, out, Math.min(bytes, length), false);
                // What was sent should arrive before the connection goes.
                other.shutdownOutput();
                abort(client);
                other.getInputStream().readAllBytes();
                return false;
            }
            case Trouble.StallRequest(long bytes) -> {
                copy(in, out, Math.min(bytes, length), false);
                closed.await();
                return false;
            }
            case Trouble.FlipRequest() -> copy(in, out, length, true);
            case null, default -> copy(in, out, length, false);
        }
        return true;
    }

    private void answer(Head request, Socket other, Socket client, OutputStream out, @Nullable Trouble trouble)
            throws IOException, InterruptedException {
        InputStream in = new BufferedInputStream(other.getInputStream(), BUFFER);
        Head answer = head(in);
        if (answer == null) {
            return;
        }
        answer.fields.put("Connection", "close");
        long length = request.first.startsWith("HEAD ") ? 0 : answer.length();
        if (trouble instanceof Trouble.Truncate(long bytes)) {
            length = Math.min(bytes, length);
            answer.fields.put("Content-Length", Long.toString(length));
        }
        if (trouble instanceof Trouble.TrickleHeader) {
            trickle(new ByteArrayInputStream(answer.bytes()), out);
            return;
        }
        out.write(answer.bytes());
        switch (trouble) {
            case Trouble.ResetAnswer(long bytes) -> {
                copy(in, out, Math.min(bytes, length), false);
                abort(client);
            }
            case Trouble.TrickleAnswer(long bytes) -> {
                copy(in, out, Math.min(bytes, length), false);
                trickle(in, out);
            }
            case Trouble.FlipAnswer() -> copy(in, out, length, true);
            case null, default -> copy(in, out, length, false);
        }
    }

    private void trickle(InputStream in, OutputStream out) throws IOException, InterruptedException {
        for (int next = in.read(); next >= 0; next = in.read()) {
            out.write(next);
            out.flush();
            if (closed.await(20, TimeUnit.MILLISECONDS)) {
                return;
            }
        }
    }

    // A reset instead of an orderly end.
    private static void abort(Socket socket) throws IOException {
        socket.getOutputStream().flush();
        socket.setSoLinger(true, 0);
        socket.close();
    }

    private static void copy(InputStream in, OutputStream out, long length, boolean flip) throws IOException {
        byte[] buffer = new byte[BUFFER];
        boolean flipped = !flip;
        for (long left = length; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                return;
            }
            if (!flipped) {
                buffer[count - 1] ^= 1;
                flipped = true;
            }
            out.write(buffer, 0, count);
            left -= count;
        }
        out.flush();
    }

    private static @Nullable Head head(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            bytes.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                String[] lines = bytes.toString(ISO_8859_1).strip().split("\r\n", -1);
                Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                for (int i = 1; i < lines.length; i++) {
                    String[] field = lines[i].split(": *", 2);
                    fields.put(field[0], field[1]);
                }
                return new Head(lines[0], fields);
            }
        }
        return null;
    }
}
