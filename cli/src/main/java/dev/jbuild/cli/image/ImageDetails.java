package dev.jbuild.cli.image;

import dev.jbuild.cli.template.Struct;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.ContainerConfig;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.DiffId;
import dev.jbuild.layerstore.oci.Healthcheck;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.ImageReference;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What `jbuild inspect` tells of one image. The fields are those of `docker inspect`, in its order, as far as an image
/// that is not in Docker has them; `Descriptor` is that of the name, `Manifests` lists the platforms of an index.
final class ImageDetails {
    private ImageDetails() {}

    /// An image of the store.
    static Struct of(LocalImage image, Optional<String> platform, LayerStore store) {
        LocalImage.ForPlatform chosen = image.choose(platform);
        List<ImageReference> names = store.images().list().stream()
                .filter(entry -> entry.descriptor().digest().equals(image.root().digest()))
                .<Optional<ImageReference>>map(ImageDetails::reference)
                .flatMap(Optional::stream)
                .toList();
        List<Descriptor> manifests = image.platforms().stream()
                .map(each -> each.descriptor().withPlatform(each.platform()))
                .toList();
        return struct(image, chosen, names, new LayerSizes(store).estimated(chosen), manifests, image.tagged());
    }

    /// An image of a registry. Its size is that of its compressed layers.
    ///
    /// @param manifests what its index lists
    static Struct ofRemote(LocalImage image, Optional<String> platform, List<Descriptor> manifests) {
        LocalImage.ForPlatform chosen = image.choose(platform);
        long size =
                chosen.manifest().layers().stream().mapToLong(Descriptor::size).sum();
        List<ImageReference> names = image.name() == null ? List.of() : List.of(image.name());
        return struct(image, chosen, names, size, manifests, null);
    }

    private static Optional<ImageReference> reference(ImageStore.Entry entry) {
        return Optional.ofNullable(LocalImage.reference(entry));
    }

    private static Struct struct(
            LocalImage image,
            LocalImage.ForPlatform chosen,
            List<ImageReference> names,
            long size,
            List<Descriptor> manifests,
            @Nullable Instant tagged) {
        ImageConfig config = chosen.config();
        boolean index = !image.root().digest().equals(chosen.descriptor().digest());
        Struct.Builder details = Struct.builder()
                .with("Id", image.id().toString())
                .with("RepoTags", names.stream().map(ImageReference::familiar).toList())
                .with(
                        "RepoDigests",
                        names.stream()
                                .map(name ->
                                        name.familiarName() + "@" + image.root().digest())
                                .distinct()
                                .toList())
                .with("Comment", comment(config))
                .with("Created", time(config.created()))
                .with("Author", config.author() == null ? "" : config.author())
                .with("Config", config(config.config()))
                .with("Architecture", config.platform().architecture())
                .with("Variant", config.platform().variant())
                .with("Os", config.platform().os())
                .with("Size", size)
                .with(
                        "RootFS",
                        Struct.builder()
                                .with("Type", "layers")
                                .with(
                                        "Layers",
                                        config.diffIds().stream()
                                                .map(DiffId::toString)
                                                .toList())
                                .build())
                .with(
                        "Metadata",
                        tagged == null
                                ? null
                                : Struct.builder()
                                        .with("LastTagTime", tagged.toString())
                                        .build())
                .with("Descriptor", descriptor(image.root()))
                .with(
                        "Manifests",
                        index ? manifests.stream().map(ImageDetails::descriptor).toList() : null)
                .with(
                        "Layers",
                        chosen.manifest().layers().stream()
                                .map(ImageDetails::descriptor)
                                .toList());
        return details.build();
    }

    private static String comment(ImageConfig config) {
        String last =
                config.history().isEmpty() ? null : config.history().getLast().comment();
        return last == null ? "" : last;
    }

    private static @Nullable String time(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static Struct config(ContainerConfig config) {
        Healthcheck check = config.healthcheck();
        return Struct.builder()
                .with("User", config.user())
                .with("ExposedPorts", emptyObjects(config.exposedPorts()))
                .with("Env", config.env())
                .with("Entrypoint", config.entrypoint())
                .with("Cmd", config.cmd())
                .with("Healthcheck", check == null ? null : healthcheck(check))
                .with("ArgsEscaped", config.argsEscaped() ? Boolean.TRUE : null)
                .with("Volumes", emptyObjects(config.volumes()))
                .with("WorkingDir", config.workingDir())
                .with("OnBuild", config.onBuild().isEmpty() ? null : config.onBuild())
                .with("Labels", config.labels().isEmpty() ? null : config.labels())
                .with("StopSignal", config.stopSignal())
                .with("Shell", config.shell())
                .build();
    }

    private static Struct healthcheck(Healthcheck check) {
        return Struct.builder()
                .with("Test", check.test())
                .with("Interval", check.interval().toNanos())
                .with("Timeout", check.timeout().toNanos())
                .with("StartPeriod", check.startPeriod().toNanos())
                .with("StartInterval", check.startInterval().toNanos())
                .with("Retries", (long) check.retries())
                .build();
    }

    /// A descriptor, as it is in a manifest.
    static Struct descriptor(Descriptor descriptor) {
        Struct.Builder platform = Struct.builder();
        if (descriptor.platform() != null) {
            platform.with("architecture", descriptor.platform().architecture())
                    .with("os", descriptor.platform().os())
                    .with("variant", descriptor.platform().variant());
        }
        return Struct.builder()
                .with("mediaType", descriptor.mediaType())
                .with("digest", descriptor.digest().toString())
                .with("size", descriptor.size())
                .with("platform", descriptor.platform() == null ? null : platform.build())
                .with(
                        "annotations",
                        descriptor.annotations().isEmpty() ? null : new TreeMap<>(descriptor.annotations()))
                .build();
    }

    private static @Nullable Map<String, Object> emptyObjects(Collection<String> keys) {
        if (keys.isEmpty()) {
            return null;
        }
        Map<String, Object> objects = new LinkedHashMap<>();
        new TreeSet<>(keys).forEach(key -> objects.put(key, Map.of()));
        return objects;
    }
}
