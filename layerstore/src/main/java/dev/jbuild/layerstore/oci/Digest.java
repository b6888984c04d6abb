package dev.jbuild.layerstore.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A content digest, `sha256:` and 64 lower-case hexadecimal digits, as the OCI image specification defines it.
///
/// Whatever holds a `Digest` may use it in a path or a URL: nothing but those digits ever gets in here.
public record Digest(String hex) implements Comparable<Digest> {
    private static final String PREFIX = "sha256:";

    public Digest {
        if (hex.length() != 64 || !hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("not a sha256 digest: \"" + hex + '"');
        }
    }

    /// Parses `sha256:<hex>`.
    ///
    /// @throws IllegalArgumentException if the text is anything else
    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("not a sha256 digest: \"" + text + '"');
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    /// The digest of these bytes.
    public static Digest of(byte[] content) {
        return ofHash(newSha256().digest(content));
    }

    /// The digest that a finished hash computation yielded.
    public static Digest ofHash(byte[] sha256) {
        return new Digest(HexFormat.of().formatHex(sha256));
    }

    /// A fresh SHA-256 computation.
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
