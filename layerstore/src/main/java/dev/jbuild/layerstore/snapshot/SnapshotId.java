package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.oci.ChainId;
import dev.jbuild.layerstore.oci.DiffId;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// The name of a snapshot: 1 to 64 characters of `a-z0-9`, so that it is always a safe directory name.
///
/// A layer of an image is named by its diff ID, or by its chain ID if what it means depends on the layers below it;
/// what an instruction made has a random name.
public record SnapshotId(String value) implements Comparable<SnapshotId> {
    public SnapshotId {
        if (value.isEmpty()
                || value.length() > 64
                || !value.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
            throw new IllegalArgumentException("not a snapshot ID (1 to 64 of a-z0-9): \"" + value + '"');
        }
    }

    public static SnapshotId of(DiffId layer) {
        return new SnapshotId(layer.digest().hex());
    }

    public static SnapshotId of(ChainId chain) {
        return new SnapshotId(chain.digest().hex());
    }

    /// A name that no other snapshot has.
    static SnapshotId random() {
        // Not a secret: if two should ever meet, the rename that publishes a snapshot fails.
        byte[] bytes = new byte[16];
        ThreadLocalRandom.current().nextBytes(bytes);
        return new SnapshotId(HexFormat.of().formatHex(bytes));
    }

    @Override
    public int compareTo(SnapshotId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
