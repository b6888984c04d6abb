package dev.jbuild.layerstore.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether user numbers here are those of the machine.
final class UserNamespace {
    private static final class Lazy {
        static final boolean CURRENT = read();
        static final boolean SINGLE = readSingle();
    }

    private UserNamespace() {}

    /// Whether this process lives in a user namespace other than the machine's.
    static boolean current() {
        return Lazy.CURRENT;
    }

    /// Whether it has one user only.
    static boolean isSingle() {
        return Lazy.SINGLE;
    }

    private static boolean readSingle() {
        try {
            String map = Files.readString(Path.of("/proc/self/uid_map"), StandardCharsets.US_ASCII);
            return map.strip().matches("\\d+\\s+\\d+\\s+1");
        } catch (IOException e) {
            return false;
        }
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
