package dev.jbuild.layerstore.kernel;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/// An open regular file, for one thread at a time.
public final class OpenFile implements AutoCloseable {
    private static final long FICLONE = 0x40049409L;
    private static final int SEEK_SET = 0;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private final int fd;
    private final OpenDirectory directory;
    private final byte[] name;
    private boolean open = true;

    OpenFile(int fd, OpenDirectory directory, byte[] name) {
        this.fd = fd;
        this.directory = directory;
        this.name = name;
    }

    public Stat stat() throws KernelException {
        return StatCall.ofDescriptor(fd, directory.path(name));
    }

    /// Sets owner and group, of the file itself.
    public void chown(int uid, int gid) throws KernelException {
        if (RecordedOwner.inUse()) {
            directory.chown(name, uid, gid);
            return;
        }
        try (Syscall sys = new Syscall()) {
            check(Call.FCHOWN, sys.call(Call.FCHOWN, fd, Integer.toUnsignedLong(uid), Integer.toUnsignedLong(gid), 0));
        }
    }

    /// Sets the permission bits. Do it after [#chown(int, int)], which clears the set-ID bits.
    public void chmod(int permissions) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check(Call.FCHMOD, sys.call(Call.FCHMOD, fd, permissions));
        }
        directory.keepOwner(name);
    }

    /// Sets access and modification time.
    public void setTimes(long seconds, int nanos) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long times = OpenDirectory.times(sys, seconds, nanos);
            check(Call.UTIMENSAT, sys.call(Call.UTIMENSAT, fd, 0, times, 0));
        }
    }

    public void setXattr(String attribute, byte[] value) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check(
                    Call.FSETXATTR,
                    sys.call(Call.FSETXATTR, fd, sys.text(attribute), sys.bytes(value), value.length, 0, 0));
        }
    }

    /// Makes the file this long; what is beyond its end so far reads as zeros and takes no space.
    public void truncate(long size) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check(Call.FTRUNCATE, sys.call(Call.FTRUNCATE, fd, size));
        }
    }

    /// The next read or write is at this offset.
    public void seek(long offset) throws KernelException {
        try (Syscall sys = new Syscall()) {
            check(Call.LSEEK, sys.call(Call.LSEEK, fd, offset, SEEK_SET, 0));
        }
    }

    /// The file's content from the current offset on. Closing the stream does not close the file.
    public InputStream input() {
        return new Input();
    }

    /// Writes at the current offset. Not buffered. Closing the stream frees its buffer and does not close the file.
    public OutputStream output() {
        return new Output();
    }

    /// Copies the content of another file to this empty one: shared blocks where the file system can, else in the
    /// kernel, else through this process. Holes stay holes.
    public void copyFrom(OpenFile from) throws KernelException {
        try (Syscall sys = new Syscall()) {
            if (sys.call(Call.IOCTL, fd, FICLONE, from.fd, 0) >= 0) {
                return;
            }
        }
        long size = from.stat().size();
        long offset = 0;
        while (offset < size) {
            long data = from.find(SEEK_DATA, offset, size);
            if (data >= size) {
                break;
            }
            long hole = from.find(SEEK_HOLE, data, size);
            if (hole <= data) {
                break;
            }
            from.seek(data);
            seek(data);
            copyRange(from, hole - data);
            offset = hole;
        }
        truncate(size);
    }

    private void copyRange(OpenFile from, long length) throws KernelException {
        long left = length;
        try (Syscall sys = new Syscall()) {
            while (left > 0) {
                long n = sys.call(Call.COPY_FILE_RANGE, from.fd, 0, fd, 0, Math.min(left, 1L << 30), 0);
                if (n < 0) {
                    // EXDEV, EINVAL, EOPNOTSUPP and others: which pairs of files it takes differs by kernel.
                    break;
                }
                if (n == 0) {
                    return;
                }
                left -= n;
            }
        }
        if (left > 0) {
            MemorySegment buffer = Buffers.take();
            try {
                while (left > 0) {
                    long n = from.read(buffer, Math.min(left, Buffers.SIZE));
                    if (n <= 0) {
                        return;
                    }
                    write(buffer, n);
                    left -= n;
                }
            } finally {
                Buffers.give(buffer);
            }
        }
    }

    private long find(int what, long offset, long size) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long found = sys.call(Call.LSEEK, fd, offset, what, 0);
            if (found == -Errno.ENXIO.number()) {
                return size;
            }
            if (found == -Errno.EINVAL.number()) {
                // A file system that knows no holes: all is data.
                return what == SEEK_DATA ? offset : size;
            }
            return check(Call.LSEEK, found);
        }
    }

    private long read(MemorySegment buffer, long length) throws KernelException {
        try (Syscall sys = new Syscall()) {
            return check(Call.READ, sys.call(Call.READ, fd, buffer.address(), length, 0));
        }
    }

    private void write(MemorySegment buffer, long length) throws KernelException {
        long done = 0;
        try (Syscall sys = new Syscall()) {
            while (done < length) {
                done += check(Call.WRITE, sys.call(Call.WRITE, fd, buffer.address() + done, length - done, 0));
            }
        }
    }

    private static void ensureOpen(boolean closed) {
        if (closed) {
            throw new IllegalStateException("this stream was closed");
        }
    }

    private long check(Call call, long result) throws KernelException {
        if (result < 0) {
            throw new KernelException(call.toString(), (int) -result, directory.path(name));
        }
        return result;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            OpenDirectory.closeDescriptor(fd);
        }
    }

    private final class Input extends InputStream {
        private final MemorySegment buffer = Buffers.take();
        private boolean closed;

        @Override
        public int read() throws KernelException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws KernelException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            ensureOpen(closed);
            if (length == 0) {
                return 0;
            }
            int n = (int) OpenFile.this.read(buffer, Math.min(length, Buffers.SIZE));
            if (n == 0) {
                return -1;
            }
            MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, bytes, offset, n);
            return n;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                Buffers.give(buffer);
            }
        }
    }

    private final class Output extends OutputStream {
        private final MemorySegment buffer = Buffers.take();
        private boolean closed;

        @Override
        public void write(int b) throws KernelException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws KernelException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            ensureOpen(closed);
            int done = 0;
            while (done < length) {
                int n = Math.min(length - done, Buffers.SIZE);
                MemorySegment.copy(bytes, offset + done, buffer, ValueLayout.JAVA_BYTE, 0, n);
                OpenFile.this.write(buffer, n);
                done += n;
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                Buffers.give(buffer);
            }
        }
    }
}
