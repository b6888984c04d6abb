package dev.jbuild.exporter;

import dev.jbuild.layerstore.content.ContentStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciFormatException;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An image of the local store and the names it is saved under.
///
/// @param root its manifest or index, as the image store has it
/// @param names spelled out in full; none if the image was asked for by its digest
public record StoredImage(Descriptor root, List<String> names) {
    public StoredImage {
        names = List.copyOf(names);
    }

    static List<NamedImage> read(List<StoredImage> images, boolean docker, ContentStore content) throws IOException {
        List<NamedImage> read = new ArrayList<>();
        for (StoredImage image : images) {
            read.add(new NamedImage(new Reader(content).read(image.root(), docker), image.names()));
        }
        return read;
    }

    private record Reader(ContentStore content, Map<Digest, byte[]> documents) {
        Reader(ContentStore content) {
            this(content, new HashMap<>());
        }

        AssembledImage read(Descriptor root, boolean docker) throws IOException {
            try {
                if (!MediaType.isIndex(root.mediaType())) {
                    return new AssembledImage(root, List.of(platform(root)), documents);
                }
                ImageIndex index = OciJson.readIndex(document(root));
                // A pulled index may have platforms that nobody needed so far.
                List<Descriptor> there = index.manifests().stream()
                        .filter(manifest -> content.contains(manifest.digest()))
                        .toList();
                if (docker) {
                    documents.clear();
                    Descriptor one = one(
                            there.stream()
                                    .filter(manifest -> !AttestationManifest.is(manifest))
                                    .toList(),
                            root);
                    return new AssembledImage(one, List.of(platform(one)), documents);
                }
                List<PlatformImage> platforms = new ArrayList<>();
                List<PlatformImage> attestations = new ArrayList<>();
                for (Descriptor manifest : there) {
                    (AttestationManifest.is(manifest) ? attestations : platforms).add(platform(manifest));
                }
                return new AssembledImage(root, platforms, attestations, documents);
            } catch (OciFormatException e) {
                throw new IOException("image " + root.digest() + " in the store is damaged: " + e.getMessage(), e);
            }
        }

        private static Descriptor one(List<Descriptor> there, Descriptor root) {
            List<Descriptor> host = there.stream()
                    .filter(manifest -> Platform.host().equals(manifest.platform()))
                    .toList();
            if (!host.isEmpty()) {
                return host.getFirst();
            }
            if (there.size() == 1) {
                return there.getFirst();
            }
            throw ExportException.usage("image " + root.digest() + " has " + there.size()
                    + " platforms and none of them is " + Platform.host()
                    + "; a docker archive holds one, so save it as"
                    + " an OCI archive");
        }

        private PlatformImage platform(Descriptor manifest) throws OciFormatException {
            ImageManifest read = OciJson.readManifest(document(manifest));
            document(read.config());
            return new PlatformImage(manifest, read.config(), read.layers());
        }

        private byte[] document(Descriptor descriptor) {
            return documents.computeIfAbsent(descriptor.digest(), digest -> content.read(descriptor));
        }
    }
}
