package dev.jbuild.cli.image;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Healthcheck;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageReference;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What `jbuild inspect` prints of one image. The fields are those of `docker inspect`, in its order, as far as an
/// image
/// that is not in Docker has them; `Descriptor` is that of the name, `Manifests` lists the platforms of an index.
record ImageDetails(LocalImage image, LocalImage.ForPlatform chosen, List<ImageReference> names, long size) {
    static ImageDetails of(LocalImage image, Optional<String> platform, LayerStore store) {
        LocalImage.ForPlatform chosen = image.choose(platform);
        List<ImageReference> names = store.images().list().stream()
                .filter(entry -> entry.descriptor().digest().equals(image.root().digest()))
                .<Optional<ImageReference>>map(ImageDetails::reference)
                .flatMap(Optional::stream)
                .toList();
        return new ImageDetails(image, chosen, names, new LayerSizes(store).estimated(chosen));
    }

    private static Optional<ImageReference> reference(ImageStore.Entry entry) {
        return Optional.ofNullable(LocalImage.reference(entry));
    }

    void write(JsonGenerator out) throws IOException {
        ImageConfig config = chosen.config();
        out.writeStartObject();
        out.writeStringField("Id", image.id().toString());
        strings("RepoTags", names.stream().map(ImageReference::familiar).toList(), out);
        strings(
                "RepoDigests",
                names.stream()
                        .map(name -> name.familiarName() + "@" + image.root().digest())
                        .distinct()
                        .toList(),
                out);
        out.writeStringField("Comment", comment(config));
        time("Created", config.created(), out);
        out.writeStringField("Author", config.author() == null ? "" : config.author());
        out.writeFieldName("Config");
        write(config.config(), out);
        out.writeStringField("Architecture", config.platform().architecture());
        if (config.platform().variant() != null) {
            out.writeStringField("Variant", config.platform().variant());
        }
        out.writeStringField("Os", config.platform().os());
        out.writeNumberField("Size", size);
        out.writeObjectFieldStart("RootFS");
        out.writeStringField("Type", "layers");
        strings("Layers", config.diffIds().stream().map(DiffId::toString).toList(), out);
        out.writeEndObject();
        out.writeObjectFieldStart("Metadata");
        time("LastTagTime", image.tagged(), out);
        out.writeEndObject();
        out.writeFieldName("Descriptor");
        write(image.root(), out);
        if (!image.root().digest().equals(chosen.descriptor().digest())) {
            out.writeArrayFieldStart("Manifests");
            for (LocalImage.ForPlatform platform : image.platforms()) {
                write(platform.descriptor().withPlatform(platform.platform()), out);
            }
            out.writeEndArray();
        }
        out.writeArrayFieldStart("Layers");
        for (Descriptor layer : chosen.manifest().layers()) {
            write(layer, out);
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static String comment(ImageConfig config) {
        String last =
                config.history().isEmpty() ? null : config.history().getLast().comment();
        return last == null ? "" : last;
    }

    private static void time(String field, @Nullable Instant time, JsonGenerator out) throws IOException {
        if (time != null) {
            out.writeStringField(field, time.toString());
        }
    }

    private static void write(ContainerConfig config, JsonGenerator out) throws IOException {
        out.writeStartObject();
        if (config.user() != null) {
            out.writeStringField("User", config.user());
        }
        emptyObjects("ExposedPorts", config.exposedPorts(), out);
        strings("Env", config.env(), out);
        stringsIfAny("Entrypoint", config.entrypoint(), out);
        stringsIfAny("Cmd", config.cmd(), out);
        if (config.healthcheck() != null) {
            out.writeFieldName("Healthcheck");
            write(config.healthcheck(), out);
        }
        if (config.argsEscaped()) {
            out.writeBooleanField("ArgsEscaped", true);
        }
        emptyObjects("Volumes", config.volumes(), out);
        if (config.workingDir() != null) {
            out.writeStringField("WorkingDir", config.workingDir());
        }
        stringsIfAny("OnBuild", config.onBuild().isEmpty() ? null : config.onBuild(), out);
        if (!config.labels().isEmpty()) {
            map("Labels", config.labels(), out);
        }
        if (config.stopSignal() != null) {
            out.writeStringField("StopSignal", config.stopSignal());
        }
        stringsIfAny("Shell", config.shell(), out);
        out.writeEndObject();
    }

    private static void write(Healthcheck check, JsonGenerator out) throws IOException {
        out.writeStartObject();
        strings("Test", check.test(), out);
        out.writeNumberField("Interval", check.interval().toNanos());
        out.writeNumberField("Timeout", check.timeout().toNanos());
        out.writeNumberField("StartPeriod", check.startPeriod().toNanos());
        out.writeNumberField("StartInterval", check.startInterval().toNanos());
        out.writeNumberField("Retries", check.retries());
        out.writeEndObject();
    }

    private static void write(Descriptor descriptor, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("mediaType", descriptor.mediaType());
        out.writeStringField("digest", descriptor.digest().toString());
        out.writeNumberField("size", descriptor.size());
        if (descriptor.platform() != null) {
            out.writeObjectFieldStart("platform");
            out.writeStringField("architecture", descriptor.platform().architecture());
            out.writeStringField("os", descriptor.platform().os());
            if (descriptor.platform().variant() != null) {
                out.writeStringField("variant", descriptor.platform().variant());
            }
            out.writeEndObject();
        }
        if (!descriptor.annotations().isEmpty()) {
            map("annotations", descriptor.annotations(), out);
        }
        out.writeEndObject();
    }

    private static void map(String field, Map<String, String> map, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart(field);
        for (Map.Entry<String, String> entry : new TreeMap<>(map).entrySet()) {
            out.writeStringField(entry.getKey(), entry.getValue());
        }
        out.writeEndObject();
    }

    private static void stringsIfAny(String field, @Nullable List<String> words, JsonGenerator out) throws IOException {
        if (words != null) {
            strings(field, words, out);
        }
    }

    private static void strings(String field, List<String> words, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart(field);
        for (String word : words) {
            out.writeString(word);
        }
        out.writeEndArray();
    }

    private static void emptyObjects(String field, Collection<String> keys, JsonGenerator out) throws IOException {
        if (keys.isEmpty()) {
            return;
        }
        out.writeObjectFieldStart(field);
        for (String key : keys) {
            out.writeObjectFieldStart(key);
            out.writeEndObject();
        }
        out.writeEndObject();
    }
}
