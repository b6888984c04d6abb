package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Digest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What is to be known of a layer in eStargz besides its bytes.
///
/// @param diffId of the tar, which has two more files than the layer: a mark and the table of contents
/// @param contents the digest of the table of contents
/// @param uncompressedSize of that tar
public record EstargzLayer(DiffId diffId, Digest contents, long uncompressedSize) {
    private static final String CONTENTS = "containerd.io/snapshot/stargz/toc.digest";
    private static final String UNCOMPRESSED_SIZE = "io.containers.estargz.uncompressed-size";

    /// What the layer's descriptor carries, so that a reader can trust the table of contents.
    public Map<String, String> annotations() {
        return Map.of(CONTENTS, contents.toString(), UNCOMPRESSED_SIZE, Long.toString(uncompressedSize));
    }

    /// Those annotations, of any layer: empty if it is no eStargz.
    public static Map<String, String> annotations(Descriptor layer) {
        Map<String, String> found = new TreeMap<>(layer.annotations());
        found.keySet().retainAll(Set.of(CONTENTS, UNCOMPRESSED_SIZE));
        return found.containsKey(CONTENTS) ? found : Map.of();
    }
}
