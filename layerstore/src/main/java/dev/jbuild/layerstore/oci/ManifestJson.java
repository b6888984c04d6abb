package dev.jbuild.layerstore.oci;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Manifests, indexes and descriptors as JSON.
final class ManifestJson {
    private ManifestJson() {}

    static ImageManifest readManifest(byte[] json) throws OciFormatException {
        return JsonReader.document("manifest", json, OciJson.MAX_MANIFEST, in -> () -> {
            Fields fields = Fields.read(in);
            if (fields.manifests != null) {
                throw in.wrong("it has manifests and so is an image index");
            }
            String mediaType = fields.mediaType.isEmpty() ? MediaType.OCI_MANIFEST : fields.mediaType;
            Descriptor config = in.required(fields.config, "config");
            List<Descriptor> layers = in.required(fields.layers, "layers");
            return in.value(() -> new ImageManifest(
                    mediaType, config, layers, fields.annotations, fields.artifactType, fields.subject));
        });
    }

    static ImageIndex readIndex(byte[] json) throws OciFormatException {
        return JsonReader.document("image index", json, OciJson.MAX_MANIFEST, in -> () -> {
            Fields fields = Fields.read(in);
            // One text that can be read both ways could mean one image here and another one elsewhere.
            if (fields.layers != null || fields.config != null) {
                throw in.wrong("it has config or layers and so is a manifest");
            }
            String mediaType = fields.mediaType.isEmpty() ? MediaType.OCI_INDEX : fields.mediaType;
            List<Descriptor> manifests = in.required(fields.manifests, "manifests");
            return in.value(() -> new ImageIndex(mediaType, manifests, fields.annotations));
        });
    }

    static Descriptor readDescriptor(byte[] json) throws OciFormatException {
        return JsonReader.document("descriptor", json, OciJson.MAX_MANIFEST, in -> () -> descriptor(in));
    }

    /// The fields of a manifest and of an index, of which a well-formed document has only one kind.
    private static final class Fields {
        private String mediaType = "";
        private @Nullable String artifactType;
        private @Nullable Descriptor config;
        private @Nullable List<Descriptor> layers;
        private @Nullable List<Descriptor> manifests;
        private @Nullable Descriptor subject;
        private Map<String, String> annotations = Map.of();

        static Fields read(JsonReader in) throws IOException {
            Fields fields = new Fields();
            in.fields(name -> fields.readField(in, name));
            return fields;
        }

        private void readField(JsonReader in, String name) throws IOException {
            switch (name) {
                case "schemaVersion" -> {
                    long version = in.integer();
                    if (version == 1) {
                        throw in.wrong("Docker's schema 1 is not supported: push the image again with a current tool");
                    } else if (version != 2) {
                        throw in.wrong("expected schema version 2 but found " + version);
                    }
                }
                case "mediaType" -> mediaType = in.text();
                case "artifactType" -> artifactType = in.string();
                case "config" -> config = in.isNull() ? null : descriptor(in);
                case "layers" -> layers = in.list(() -> descriptor(in));
                case "manifests" -> manifests = in.list(() -> descriptor(in));
                case "subject" -> subject = in.isNull() ? null : descriptor(in);
                case "annotations" -> annotations = in.stringMap();
                default -> in.skip();
            }
        }
    }

    private static Descriptor descriptor(JsonReader in) throws IOException {
        var fields = new Object() {
            String mediaType = "";

            @Nullable
            Digest digest;

            @Nullable
            Long size;

            @Nullable
            Platform platform;

            Map<String, String> annotations = Map.of();

            List<String> urls = List.of();
        };
        in.fields(name -> {
            switch (name) {
                case "mediaType" -> fields.mediaType = in.text();
                case "digest" -> fields.digest = in.value(() -> Digest.parse(in.text()));
                case "size" -> fields.size = in.integer();
                case "platform" -> fields.platform = in.<@Nullable Platform>value(() -> platform(in));
                case "annotations" -> fields.annotations = in.stringMap();
                case "urls" -> fields.urls = in.list(in::text);
                default -> in.skip();
            }
        });
        Digest digest = in.required(fields.digest, "digest");
        long size = in.required(fields.size, "size");
        return in.value(
                () -> new Descriptor(fields.mediaType, digest, size, fields.platform, fields.annotations, fields.urls));
    }

    // Some tools write a platform with empty words where they know none.
    private static @Nullable Platform platform(JsonReader in) throws IOException {
        List<String> words = new ArrayList<>(List.of("", "", ""));
        in.fields(name -> {
            switch (name) {
                case "os" -> words.set(0, in.text());
                case "architecture" -> words.set(1, in.text());
                case "variant" -> words.set(2, in.text());
                default -> in.skip();
            }
        });
        return words.get(0).isEmpty() || words.get(1).isEmpty()
                ? null
                : new Platform(words.get(0), words.get(1), words.get(2));
    }

    static byte[] write(ImageManifest manifest) {
        return JsonText.of(out -> {
            out.writeStartObject();
            out.writeNumberField("schemaVersion", 2);
            out.writeStringField("mediaType", manifest.mediaType());
            JsonText.string(out, "artifactType", manifest.artifactType());
            out.writeFieldName("config");
            write(out, manifest.config());
            out.writeArrayFieldStart("layers");
            for (Descriptor layer : manifest.layers()) {
                write(out, layer);
            }
            out.writeEndArray();
            Descriptor subject = manifest.subject();
            if (subject != null) {
                out.writeFieldName("subject");
                write(out, subject);
            }
            JsonText.map(out, "annotations", manifest.annotations());
            out.writeEndObject();
        });
    }

    static byte[] write(ImageIndex index) {
        return JsonText.of(out -> {
            out.writeStartObject();
            out.writeNumberField("schemaVersion", 2);
            out.writeStringField("mediaType", index.mediaType());
            out.writeArrayFieldStart("manifests");
            for (Descriptor manifest : index.manifests()) {
                write(out, manifest);
            }
            out.writeEndArray();
            JsonText.map(out, "annotations", index.annotations());
            out.writeEndObject();
        });
    }

    static byte[] write(Descriptor descriptor) {
        return JsonText.of(out -> write(out, descriptor));
    }

    private static void write(JsonGenerator out, Descriptor descriptor) throws IOException {
        out.writeStartObject();
        out.writeStringField("mediaType", descriptor.mediaType());
        out.writeStringField("digest", descriptor.digest().toString());
        out.writeNumberField("size", descriptor.size());
        JsonText.strings(out, "urls", descriptor.urls());
        JsonText.map(out, "annotations", descriptor.annotations());
        Platform platform = descriptor.platform();
        if (platform != null) {
            out.writeObjectFieldStart("platform");
            out.writeStringField("architecture", platform.architecture());
            out.writeStringField("os", platform.os());
            JsonText.string(out, "variant", platform.variant());
            out.writeEndObject();
        }
        out.writeEndObject();
    }
}
