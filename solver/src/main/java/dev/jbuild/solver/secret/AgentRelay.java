package dev.jbuild.solver.secret;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A socket that leads to an agent of ssh, for one step. What a step may do is to list the keys and to have something
/// signed; it cannot add, remove or lock the user's keys.
final class AgentRelay implements AutoCloseable {
    private static final int LARGEST = 256 * 1024;
    private static final int LIST_KEYS = 11;
    private static final int SIGN = 13;
    private static final byte[] FAILURE = {5};

    private final ServerSocketChannel server;
    private final Path agent;
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    /// @param place where the socket is made
    /// @param agent the agent's own socket
    AgentRelay(Path place, Path agent) throws IOException {
        this.agent = agent;
        this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(place));
        Thread _ = Thread.ofVirtual().name("agent-relay").start(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = server.accept();
                clients.add(client);
                Thread _ = Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // The step has ended, and the socket with it.
            clients.clear();
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                SocketChannel upstream = SocketChannel.open(UnixDomainSocketAddress.of(agent));
                DataInputStream asked = new DataInputStream(Channels.newInputStream(client));
                DataOutputStream answered = new DataOutputStream(Channels.newOutputStream(client));
                DataInputStream answers = new DataInputStream(Channels.newInputStream(upstream));
                DataOutputStream asks = new DataOutputStream(Channels.newOutputStream(upstream))) {
            while (true) {
                byte[] message = read(asked);
                if (message[0] == LIST_KEYS || message[0] == SIGN) {
                    write(asks, message);
                    write(answered, read(answers));
                } else {
                    write(answered, FAILURE);
                }
            }
        } catch (IOException e) {
            // One of the two hung up, or the agent is gone: the other sees that its connection ends.
            clients.remove(client);
        }
    }

    private static byte[] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 1 || length > LARGEST) {
            throw new IOException("a message of " + length + " bytes");
        }
        byte[] message = in.readNBytes(length);
        if (message.length < length) {
            throw new EOFException();
        }
        return message;
    }

    // In one piece: some clients do not put pieces together.
    private static void write(DataOutputStream out, byte[] message) throws IOException {
        byte[] whole = new byte[message.length + 4];
        java.nio.ByteBuffer.wrap(whole).putInt(message.length).put(message);
        out.write(whole);
        out.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel client : clients) {
            client.close();
        }
    }
}
