package dev.jbuild.cli.image;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.jbuild.cli.report.Json;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.cli.template.Values;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageIndex;
import dev.jbuild.layerstore.oci.ImageManifest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.oci.OciJson;
import dev.jbuild.layerstore.registry.RegistryClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Something that goes into a new index: a manifest, or an index whose manifests do.
///
/// @param descriptor with the annotations and the platform that it shall have in the index
record IndexSource(Documents.Remote documents, Descriptor descriptor) {
    private static final int BIGGEST_FILE = 1 << 20;

    /// What a name stands for.
    static IndexSource named(String text, RegistryClient client) throws IOException {
        RemoteImage image = RemoteImage.resolve(text, client);
        return new IndexSource(image.documents(), image.root().descriptor());
    }

    /// What a file describes: a descriptor, of something in the repository of this name; or a descriptor in
    /// `containerimage.descriptor`, as in the metadata file of a build.
    static IndexSource described(Path file, ImageReference repository, RegistryClient client) throws IOException {
        if (Files.size(file) > BIGGEST_FILE) {
            throw new UsageException("-f " + file + " has more than " + BIGGEST_FILE + " bytes: it is no descriptor");
        }
        byte[] json = Files.readAllBytes(file);
        try {
            return new IndexSource(new Documents.Remote(client, repository), descriptor(json));
        } catch (IOException e) {
            String why = e instanceof JsonProcessingException syntax
                    ? "no JSON in line " + syntax.getLocation().getLineNr()
                    : e.getMessage();
            throw new UsageException(
                    "-f " + file + " is neither a descriptor in JSON nor the metadata file of a build (" + why
                            + "); names of images are given without -f");
        }
    }

    private static Descriptor descriptor(byte[] json) throws IOException {
        if (Values.read(json) instanceof Map<?, ?> map
                && map.get("containerimage.descriptor") instanceof Map<?, ?> inner) {
            return OciJson.readDescriptor(
                    Json.line(out -> Values.write(inner, out)).getBytes(StandardCharsets.UTF_8));
        }
        return OciJson.readDescriptor(json);
    }

    /// The manifests of which the index shall consist, those of an index one by one.
    List<IndexSource> manifests() throws IOException {
        byte[] document = documents.read(descriptor);
        if (!MediaType.isIndex(descriptor.mediaType())) {
            if (!MediaType.isManifest(descriptor.mediaType())) {
                throw new UsageException(descriptor.digest() + " is a \"" + descriptor.mediaType()
                        + "\", neither a manifest nor an index");
            }
            return List.of(descriptor.platform() == null ? withPlatform(document) : this);
        }
        List<IndexSource> manifests = new ArrayList<>();
        for (Descriptor child : OciJson.readIndex(document).manifests()) {
            manifests.add(new IndexSource(documents, child));
        }
        return manifests;
    }

    /// The image's own platform, if it is an image.
    private IndexSource withPlatform(byte[] document) throws IOException {
        ImageManifest manifest = OciJson.readManifest(document);
        if (!MediaType.isConfig(manifest.config().mediaType())) {
            return this;
        }
        return new IndexSource(
                documents,
                descriptor.withPlatform(
                        OciJson.readConfig(documents.read(manifest.config())).platform()));
    }

    /// The annotations of the index, if it is one.
    Map<String, String> annotations() throws IOException {
        Optional<ImageIndex> index = MediaType.isIndex(descriptor.mediaType())
                ? Optional.of(OciJson.readIndex(documents.read(descriptor)))
                : Optional.empty();
        return index.map(ImageIndex::annotations).orElse(Map.of());
    }
}
