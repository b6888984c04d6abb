package dev.jbuild.solver.graph;

import java.util.ArrayList;
import java.util.List;

/// Limits of a process that it can notice: they are part of its key.
///
/// @param shmSize the bytes of /dev/shm, 0 for the usual 64 MiB
/// @param cgroupParent the control group below which its own is made, empty for that of this process
public record ExecLimits(List<Ulimit> ulimits, long shmSize, String cgroupParent) {
    public static final ExecLimits NONE = new ExecLimits(List.of(), 0, "");

    private static final long USUAL_SHM = 64L << 20;

    public ExecLimits {
        ulimits = List.copyOf(ulimits);
        if (shmSize < 0) {
            throw new IllegalArgumentException("a size is not negative: " + shmSize);
        }
    }

    /// The bytes of /dev/shm.
    public long shm() {
        return shmSize == 0 ? USUAL_SHM : shmSize;
    }

    List<KeyPart> keyParts() {
        List<KeyPart> parts = new ArrayList<>();
        ulimits.forEach(ulimit -> parts.add(new KeyPart("ulimit", ulimit.toString())));
        if (shmSize != 0) {
            parts.add(new KeyPart("shm-size", Long.toString(shmSize)));
        }
        if (!cgroupParent.isEmpty()) {
            parts.add(new KeyPart("cgroup-parent", cgroupParent));
        }
        return parts;
    }
}
