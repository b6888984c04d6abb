package dev.jbuild.layerstore.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The effective capabilities of this process, in its user namespace.
final class Capabilities {
    private static final String LINE = "CapEff:";

    private static final class Lazy {
        static final long EFFECTIVE = read();
    }

    private Capabilities() {}

    static boolean has(Capability capability) {
        return (Lazy.EFFECTIVE & (1L << capability.number())) != 0;
    }

    private static long read() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
                if (line.startsWith(LINE)) {
                    return Long.parseUnsignedLong(line.substring(LINE.length()).strip(), 16);
                }
            }
            return 0;
        } catch (IOException e) {
            // Without /proc nothing says that there are any.
            return 0;
        }
    }
}
