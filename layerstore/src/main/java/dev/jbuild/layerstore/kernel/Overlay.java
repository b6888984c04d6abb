package dev.jbuild.layerstore.kernel;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Overlay mounts.
///
/// The new mount interface takes one lower directory a call. Where it is not to be had (before Linux 6.8), the old
/// one takes all of them in one page of text, so that they are named there by short paths of open descriptors.
final class Overlay {
    private static final long FSOPEN_CLOEXEC = 1;
    private static final long FSMOUNT_CLOEXEC = 1;
    private static final long SET_FLAG = 0;
    private static final long SET_STRING = 1;
    private static final long CREATE = 6;
    private static final long MOVE_MOUNT_F_EMPTY_PATH = 4;
    private static final long MOUNT_ATTR_RDONLY = 1;
    private static final long MOUNT_ATTR_NODEV = 4;
    private static final long MS_RDONLY = 1;
    private static final long MS_NODEV = 4;
    private static final int OPTIONS_SIZE = 4095;

    /// Layers, the lowest first, and where what is written goes; without an upper directory the mount is read-only.
    record Layers(
            List<Path> lowestFirst,
            @Nullable Path upper,
            @Nullable Path work) {
        Layers {
            lowestFirst = List.copyOf(lowestFirst);
        }

        @Nullable
        Path writable() {
            return upper;
        }
    }

    private Overlay() {}

    static void mount(Layers layers, Path target) throws KernelException {
        if (!mountByContext(layers, target)) {
            mountByOptions(layers, target);
        }
    }

    /// False if this kernel cannot do it that way.
    private static boolean mountByContext(Layers layers, Path target) throws KernelException {
        try (Syscall sys = new Syscall()) {
            long context = sys.call(Call.FSOPEN, sys.text("overlay"), FSOPEN_CLOEXEC);
            if (context == -Errno.ENOSYS.number()) {
                return false;
            }
            if (context < 0) {
                throw Mounts.failure("fsopen", (int) -context, target, "");
            }
            try {
                for (Path lower : layers.lowestFirst().reversed()) {
                    long result = set(sys, context, "lowerdir+", PathBytes.of(lower));
                    if (result == -Errno.EINVAL.number()
                            && lower.equals(layers.lowestFirst().getLast())) {
                        return false;
                    }
                    check(sys, context, result, lower, layers);
                }
                for (String option : options(layers)) {
                    int equals = option.indexOf('=');
                    long result = equals < 0
                            ? sys.call(Call.FSCONFIG, context, SET_FLAG, sys.text(option), 0, 0, 0)
                            : set(
                                    sys,
                                    context,
                                    option.substring(0, equals),
                                    option.substring(equals + 1).getBytes(StandardCharsets.US_ASCII));
                    check(sys, context, result, target, layers);
                }
                if (layers.upper() != null && layers.work() != null) {
                    check(sys, context, set(sys, context, "upperdir", PathBytes.of(layers.upper())), target, layers);
                    check(sys, context, set(sys, context, "workdir", PathBytes.of(layers.work())), target, layers);
                }
                check(sys, context, sys.call(Call.FSCONFIG, context, CREATE, 0, 0), target, layers);
                attach(sys, context, target, layers);
            } finally {
                sys.call(Call.CLOSE, context, 0);
            }
            return true;
        }
    }

    private static void attach(Syscall sys, long context, Path target, Layers layers) throws KernelException {
        // A process may make the node of a disk, in a layer or before it runs: it must not open it.
        long attributes = MOUNT_ATTR_NODEV | (layers.upper() == null ? MOUNT_ATTR_RDONLY : 0);
        long mount = sys.call(Call.FSMOUNT, context, FSMOUNT_CLOEXEC, attributes, 0);
        check(sys, context, mount, target, layers);
        try {
            long result = sys.call(
                    Call.MOVE_MOUNT,
                    mount,
                    sys.text(""),
                    Syscall.AT_FDCWD,
                    sys.text(PathBytes.of(target)),
                    MOVE_MOUNT_F_EMPTY_PATH,
                    0);
            check(sys, context, result, target, layers);
        } finally {
            sys.call(Call.CLOSE, mount, 0);
        }
    }

    private static long set(Syscall sys, long context, String name, byte[] value) {
        return sys.call(Call.FSCONFIG, context, SET_STRING, sys.text(name), sys.text(value), 0, 0);
    }

    private static void check(Syscall sys, long context, long result, Path target, Layers layers)
            throws KernelException {
        if (result < 0) {
            throw failure((int) -result, target, layers, Mounts.message(sys, context));
        }
    }

    private static KernelException failure(int errno, Path target, Layers layers, String kernelSays) {
        String more = kernelSays;
        if (errno == Errno.EINVAL.number() && more.isEmpty() && layers.upper() != null) {
            more = "a store on a file system that overlay cannot write to, as inside a container, needs a volume or"
                    + " another --root";
        }
        return Mounts.failure("mount overlay", errno, target, more);
    }

    /// Options that leave the upper directory a plain layer: no redirects, no metadata-only copies, no index. What
    /// is written there is made durable by its owner, not by each fsync of a program and each unmount.
    private static List<String> options(Layers layers) {
        List<String> options = new ArrayList<>();
        if (UserNamespace.current()) {
            // It implies that there are no redirects and no metadata-only copies.
            options.add("userxattr");
        } else {
            options.add("redirect_dir=off");
            options.add("metacopy=off");
        }
        options.add("index=off");
        options.add("xino=off");
        if (layers.upper() != null) {
            options.add("volatile");
        }
        return options;
    }

    /// The way of older kernels; also for tests on newer ones.
    static void mountByOptions(Layers layers, Path target) throws KernelException {
        List<OpenDirectory> open = new ArrayList<>();
        try {
            StringBuilder text = new StringBuilder(String.join(",", options(layers)));
            text.append(",lowerdir=");
            String colon = "";
            for (Path lower : layers.lowestFirst().reversed()) {
                text.append(colon).append(openShortly(open, lower));
                colon = ":";
            }
            if (layers.upper() != null && layers.work() != null) {
                text.append(",upperdir=").append(openShortly(open, layers.upper()));
                text.append(",workdir=").append(openShortly(open, layers.work()));
            }
            if (text.length() > OPTIONS_SIZE) {
                throw new KernelException(
                        "mount overlay",
                        Errno.E2BIG.number(),
                        target.toString(),
                        layers.lowestFirst().size() + " layers are more than this kernel takes: it needs Linux 6.8");
            }
            try (Syscall sys = new Syscall()) {
                long flags = MS_NODEV | (layers.upper() == null ? MS_RDONLY : 0);
                long result = sys.call(
                        Call.MOUNT,
                        sys.text("overlay"),
                        sys.text(PathBytes.of(target)),
                        sys.text("overlay"),
                        flags,
                        sys.text(text.toString()),
                        0);
                if (result < 0) {
                    throw failure((int) -result, target, layers, "");
                }
            }
        } finally {
            open.forEach(OpenDirectory::close);
        }
    }

    private static String openShortly(List<OpenDirectory> open, Path directory) throws KernelException {
        OpenDirectory handle = OpenDirectory.open(directory);
        open.add(handle);
        return handle.reachSelf();
    }
}
