package dev.jbuild.solver.graph;

import dev.jbuild.layerstore.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/// An operation and the vertices whose results it reads.
///
/// Two vertices with the same digest are the same work, whichever stage, target or platform asked for it.
public final class Vertex {
    private final Op op;
    private final List<Vertex> inputs;
    private final Digest digest;

    Vertex(Op op, List<Vertex> inputs) {
        this.op = op;
        this.inputs = List.copyOf(inputs);
        this.digest = digest(op, inputs);
    }

    private static Digest digest(Op op, List<Vertex> inputs) {
        MessageDigest hash = Digest.newSha256();
        for (Vertex input : inputs) {
            update(hash, input.digest().hex());
        }
        // Not the record's own text: making that is dear in a process that has just begun.
        update(hash, op.getClass().getSimpleName());
        update(hash, Integer.toString(op.root()));
        for (KeyPart part : op.keyParts()) {
            update(hash, part.name());
            update(hash, part.value());
        }
        for (String detail : op.details()) {
            update(hash, detail);
        }
        return Digest.ofHash(hash.digest());
    }

    private static void update(MessageDigest hash, String text) {
        hash.update(text.getBytes(StandardCharsets.UTF_8));
        hash.update((byte) 0);
    }

    public Op op() {
        return op;
    }

    public List<Vertex> inputs() {
        return inputs;
    }

    /// Identifies the operation with everything it stands on, within one build.
    public Digest digest() {
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vertex vertex && vertex.digest.equals(digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return op.getClass().getSimpleName() + "@" + digest.hex().substring(0, 12);
    }
}
