package dev.jbuild.layerstore.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether user numbers here are those of the machine.
final class UserNamespace {
    private static final class Lazy {
        static final boolean CURRENT = read();
    }

    private UserNamespace() {}

    /// Whether this process lives in a user namespace other than the machine's.
    static boolean current() {
        return Lazy.CURRENT;
    }

    private static boolean read() {
        try {
            String map = Files.readString(Path.of("/proc/self/uid_map"), StandardCharsets.US_ASCII);
            return !map.strip().matches("0\\s+0\\s+4294967295");
        } catch (IOException e) {
            // A kernel without user namespaces has no such file.
            return false;
        }
    }
}
