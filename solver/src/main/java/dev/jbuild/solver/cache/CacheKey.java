package dev.jbuild.solver.cache;

import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.solver.graph.KeyPart;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/// Every input of an operation, in one record: what the operation is, and what it stands on.
///
/// Two kinds exist for one operation. The definition key names its inputs by the identity of their results; the
/// content key names those that are only read by the content of the paths that are selected from them. A result is
/// stored under both, so that an input that was made again but came out the same joins the cache again.
public record CacheKey(List<KeyPart> parts, Digest digest) {
    /// Changes whenever the meaning of a key does, so that no old result answers a new question.
    private static final String VERSION = "1";

    public CacheKey(List<KeyPart> parts) {
        this(List.copyOf(parts), digest(parts));
    }

    private static Digest digest(List<KeyPart> parts) {
        MessageDigest hash = Digest.newSha256();
        update(hash, VERSION);
        for (KeyPart part : parts) {
            update(hash, part.name());
            update(hash, part.value());
        }
        return Digest.ofHash(hash.digest());
    }

    /// Length first: no two lists of parts make the same bytes.
    private static void update(MessageDigest hash, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        hash.update(new byte[] {
            (byte) (bytes.length >>> 24), (byte) (bytes.length >>> 16), (byte) (bytes.length >>> 8), (byte) bytes.length
        });
        hash.update(bytes);
    }
}
