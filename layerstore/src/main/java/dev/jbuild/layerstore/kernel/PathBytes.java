package dev.jbuild.layerstore.kernel;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Paths as the kernel knows them: bytes. Java's paths hold the bytes too, but show them as text in the
/// locale's charset, and in the C locale, as in many a CI job, that loses everything that is not ASCII.
/// Only their URIs are exact.
final class PathBytes {
    private PathBytes() {}

    /// The exact bytes of this path.
    static byte[] of(Path path) {
        String text = path.toString();
        if (isAscii(text)) {
            return text.getBytes(StandardCharsets.US_ASCII);
        }
        byte[] absolute = decoded(path.toUri().getRawPath());
        if (absolute.length > 1 && absolute[absolute.length - 1] == '/') {
            // The URI of a directory ends in a slash.
            return java.util.Arrays.copyOf(absolute, absolute.length - 1);
        }
        return absolute;
    }

    /// The path that has exactly these bytes.
    static Path toPath(byte[] absolute) {
        StringBuilder uri = new StringBuilder("file://");
        for (byte b : absolute) {
            boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '/';
            if (plain) {
                uri.append((char) b);
            } else {
                uri.append('%').append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    /// How these bytes are shown in messages.
    static String show(byte[] path) {
        return new String(path, StandardCharsets.UTF_8);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static byte[] decoded(String rawPath) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(rawPath.length());
        for (int i = 0; i < rawPath.length(); i++) {
            char c = rawPath.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(rawPath.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toByteArray();
    }
}
