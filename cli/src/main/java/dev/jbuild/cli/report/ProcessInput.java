package dev.jbuild.cli.report;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/// The process's standard input, opened when it is first read. Unlike `System.in`, an interruption ends a read that
/// waits: otherwise Ctrl-C would wait for whoever has the other end of the pipe.
final class ProcessInput extends InputStream {
    private @Nullable FileChannel channel;

    private FileChannel channel() {
        FileChannel open = channel;
        if (open == null) {
            open = new FileInputStream(FileDescriptor.in).getChannel();
            channel = open;
        }
        return open;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        try {
            return channel().read(ByteBuffer.wrap(bytes, offset, length));
        } catch (ClosedByInterruptException e) {
            throw new CancellationException("interrupted while reading standard input");
        }
    }
}
