package dev.jbuild.solver.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The capabilities of this process by their names.
final class CapabilityNames {
    /// In the order of their bits.
    private static final List<String> NAMES = List.of(
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "KILL",
            "SETGID",
            "SETUID",
            "SETPCAP",
            "LINUX_IMMUTABLE",
            "NET_BIND_SERVICE",
            "NET_BROADCAST",
            "NET_ADMIN",
            "NET_RAW",
            "IPC_LOCK",
            "IPC_OWNER",
            "SYS_MODULE",
            "SYS_RAWIO",
            "SYS_CHROOT",
            "SYS_PTRACE",
            "SYS_PACCT",
            "SYS_ADMIN",
            "SYS_BOOT",
            "SYS_NICE",
            "SYS_RESOURCE",
            "SYS_TIME",
            "SYS_TTY_CONFIG",
            "MKNOD",
            "LEASE",
            "AUDIT_WRITE",
            "AUDIT_CONTROL",
            "SETFCAP",
            "MAC_OVERRIDE",
            "MAC_ADMIN",
            "SYSLOG",
            "WAKE_ALARM",
            "BLOCK_SUSPEND",
            "AUDIT_READ",
            "PERFMON",
            "BPF",
            "CHECKPOINT_RESTORE");

    private CapabilityNames() {}

    /// All that this process could give to another, as in `CAP_CHOWN`.
    static List<String> own() throws IOException {
        String mask = "0";
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("CapBnd:")) {
                mask = line.substring("CapBnd:".length()).strip();
            }
        }
        long bits = Long.parseUnsignedLong(mask, 16);
        List<String> own = new ArrayList<>();
        for (int bit = 0; bit < NAMES.size(); bit++) {
            if ((bits >>> bit & 1) == 1) {
                own.add("CAP_" + NAMES.get(bit));
            }
        }
        return own;
    }
}
