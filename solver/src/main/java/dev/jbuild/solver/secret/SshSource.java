package dev.jbuild.solver.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// What signs for `RUN --mount=type=ssh`.
public sealed interface SshSource {
    /// The size of the largest key, as in BuildKit.
    int LARGEST_KEY = 100 * 1024;

    /// An agent that is running.
    record Socket(Path path) implements SshSource {}

    /// Files with private keys, for an agent that the build starts.
    record Keys(List<Path> files) implements SshSource {
        public Keys {
            files = List.copyOf(files);
        }
    }

    /// An agent's socket, or key files.
    ///
    /// @throws IllegalArgumentException if it is neither, or a key needs a passphrase
    static SshSource of(List<Path> paths) throws IOException {
        List<Path> keys = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new IllegalArgumentException(path + " does not exist");
            }
            boolean socket =
                    Files.readAttributes(path, "unix:mode", new LinkOption[0]).get("mode") instanceof Integer mode
                            && (mode & 0170000) == 0140000;
            if (!socket) {
                check(path);
                keys.add(path);
            }
        }
        if (keys.size() == paths.size()) {
            return new Keys(keys);
        }
        if (paths.size() > 1) {
            throw new IllegalArgumentException("either one agent's socket, or key files");
        }
        return new Socket(paths.getFirst());
    }

    /// The text of a key file.
    static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] text = in.readNBytes(LARGEST_KEY + 1);
            if (text.length > LARGEST_KEY) {
                throw new IllegalArgumentException(file + " is too large for a private key");
            }
            return text;
        }
    }

    private static void check(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException(file + " is a directory: name an agent's socket, or a private key");
        }
        String text = new String(read(file), StandardCharsets.ISO_8859_1);
        if (!text.contains("PRIVATE KEY-----")) {
            throw new IllegalArgumentException(file + " holds no private key in the form that ssh-keygen writes");
        }
        if (isLocked(text)) {
            throw new IllegalArgumentException(
                    file + " is protected by a passphrase: add it to an agent with ssh-add, and use that agent");
        }
    }

    private static boolean isLocked(String text) {
        if (text.contains("ENCRYPTED")) {
            return true;
        }
        String begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END", start + begin.length());
        if (start < 0 || end < 0) {
            return false;
        }
        String key = new String(
                Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end)),
                StandardCharsets.ISO_8859_1);
        // A magic word, then the name of the cipher with its length.
        return key.startsWith("openssh-key-v1\0") && !key.startsWith("\0\0\0\4none", 15);
    }
}
