package dev.jbuild.layerstore.kernel;

/// Parts of root's power that make a difference to what jbuild can do.
public enum Capability {
    CHOWN(0),
    SETUID(7),
    SYS_CHROOT(18),
    SYS_ADMIN(21),
    MKNOD(27);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
