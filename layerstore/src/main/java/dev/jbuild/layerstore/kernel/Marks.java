package dev.jbuild.layerstore.kernel;

import java.nio.charset.StandardCharsets;

/// How the directories of layers say that something of lower layers is removed.
public enum Marks {
    /// As overlay reads them for the machine's root: 0:0 devices, and attributes that only it may set.
    TRUSTED("trusted.overlay.opaque", Stat.CHARACTER_DEVICE),
    /// As overlay reads them in a user namespace: 0:0 devices, and attributes that anybody may set.
    USER("user.overlay.opaque", Stat.CHARACTER_DEVICE),
    /// For file systems that have neither, such as overlay itself: sockets, which no layer can have, and an attribute.
    /// Overlay does not read them.
    FILES("user.jbuild.opaque", Stat.SOCKET);

    private static final byte[] YES = {'y'};

    private final String opaque;
    private final int whiteout;

    Marks(String opaque, int whiteout) {
        this.opaque = opaque;
        this.whiteout = whiteout;
    }

    /// What overlay mounts of this process read.
    public static Marks ofOverlay() {
        return UserNamespace.current() || !Capabilities.has(Capability.SYS_ADMIN) ? USER : TRUSTED;
    }

    /// What can be had in this directory.
    public static Marks possibleIn(OpenDirectory directory) throws KernelException {
        // Others may try at the same time.
        String name = ".marks-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        byte[] trial = name.getBytes(StandardCharsets.US_ASCII);
        Marks marks = ofOverlay();
        directory.makeDirectory(trial, 0700);
        try (OpenDirectory inside = directory.directory(trial)) {
            marks.makeOpaque(inside, new byte[] {'.'});
            marks.makeWhiteout(inside, trial);
            return marks;
        } catch (KernelException e) {
            // Overlay takes neither, and kernels before 5.8 let only root make the device.
            return FILES;
        } finally {
            directory.removeTree(trial);
        }
    }

    /// Whether this file removes its name.
    public boolean isWhiteout(Stat stat) {
        return stat.type() == whiteout && stat.rdev() == 0;
    }

    /// Whether this can be no file of a layer here, but only a mark.
    public boolean isReserved(Stat stat) {
        return this == FILES && stat.type() == Stat.SOCKET;
    }

    public void makeWhiteout(OpenDirectory in, byte[] name) throws KernelException {
        in.makeNode(name, whiteout, 0);
    }

    /// Whether nothing of lower layers is to be seen in this directory.
    public boolean isOpaque(OpenDirectory in, byte[] name) throws KernelException {
        byte[] value = in.xattr(name, opaque);
        return value != null && value.length == 1 && value[0] == 'y';
    }

    public void makeOpaque(OpenDirectory in, byte[] name) throws KernelException {
        in.setXattr(name, opaque, YES);
    }
}
