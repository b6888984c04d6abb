package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Which start of the machine this is: what was written during another one and never synced may not be on the disk.
final class BootId {
    private static final class Lazy {
        static final String CURRENT = read();
    }

    private BootId() {}

    static String current() {
        return Lazy.CURRENT;
    }

    private static String read() {
        Path file = Path.of("/proc/sys/kernel/random/boot_id");
        try {
            return Files.readString(file, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw StoreException.of(e, file, "find out when the machine started");
        }
    }
}
