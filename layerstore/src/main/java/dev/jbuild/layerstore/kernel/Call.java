package dev.jbuild.layerstore.kernel;

import java.util.Locale;

/// The system calls in use, by their numbers on x86-64 and on the generic table that aarch64 and riscv64 share.
enum Call {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    LSEEK(8, 62),
    IOCTL(16, 29),
    GETEUID(107, 175),
    FTRUNCATE(77, 46),
    FCHMOD(91, 52),
    FCHOWN(93, 55),
    UMASK(95, 166),
    KILL(62, 129),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    STATFS(137, 43),
    PRCTL(157, 167),
    LSETXATTR(189, 6),
    FSETXATTR(190, 7),
    LGETXATTR(192, 9),
    FGETXATTR(193, 10),
    LLISTXATTR(195, 12),
    LREMOVEXATTR(198, 15),
    GETDENTS64(217, 61),
    EXIT_GROUP(231, 94),
    OPENAT(257, 56),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    FCHOWNAT(260, 54),
    UNLINKAT(263, 35),
    LINKAT(265, 37),
    SYMLINKAT(266, 36),
    READLINKAT(267, 78),
    FCHMODAT(268, 53),
    UNSHARE(272, 97),
    UTIMENSAT(280, 88),
    SYNCFS(306, 267),
    RENAMEAT2(316, 276),
    COPY_FILE_RANGE(326, 285),
    STATX(332, 291),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    OPENAT2(437, 437),
    MOUNT_SETATTR(442, 442);

    private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));

    private final int x86;
    private final int generic;

    Call(int x86, int generic) {
        this.x86 = x86;
        this.generic = generic;
    }

    long number() {
        return X86 ? x86 : generic;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
