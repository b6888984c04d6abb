package dev.jbuild.exporter;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One `--output`, checked as far as that is possible without looking at the disk.
public sealed interface ExportSpec {
    /// Into the local image store, under each name, or under its digest if it has no name; and into registries.
    ///
    /// @param store whether the image is kept there at all
    /// @param naming under which names besides its own
    /// @param push whether it also goes to the registries that its names say
    record Image(ImageOptions options, boolean store, Naming naming, Push push) implements ExportSpec {}

    /// The names that an image in the local store has besides its own.
    ///
    /// @param canonical whether each name with the image's digest is one, too
    /// @param danglingPrefix a name that gets the digest; null if there is none
    /// @param danglingOnlyIfUnnamed whether that is for an image without a name alone
    record Naming(boolean canonical, @Nullable String danglingPrefix, boolean danglingOnlyIfUnnamed) {
        static final Naming PLAIN = new Naming(false, null, false);
    }

    /// An OCI layout in a tar archive.
    record OciArchive(Destination destination, ImageOptions options) implements ExportSpec {}

    /// An OCI layout in a directory, which may hold other images already.
    record OciLayout(Path destination, ImageOptions options) implements ExportSpec {}

    /// An archive that `docker load` reads, with an OCI layout in the same files.
    record DockerArchive(Destination destination, ImageOptions options) implements ExportSpec {}

    /// That archive, read by a container engine of this machine.
    ///
    /// @param context which one; null leaves the choice to [ContainerEngines]
    record DockerLoad(@Nullable String context, ImageOptions options) implements ExportSpec {}

    /// The files, in a directory.
    ///
    /// @param attestationPrefix what the names of attestations among them begin with
    record Local(Path destination, PlatformSplit split, Mode mode, String attestationPrefix) implements ExportSpec {}

    /// The files, in a tar archive.
    ///
    /// @param attestationPrefix what the names of attestations among them begin with
    record Tar(Destination destination, PlatformSplit split, String attestationPrefix) implements ExportSpec {}

    /// Nothing but the cache.
    record CacheOnly() implements ExportSpec {}

    /// Whether an image goes to a registry.
    ///
    /// @param byDigest whether it goes there without a tag, only into the repositories that its names say
    /// @param insecure whether these registries may have any certificate, or none
    record Push(boolean wanted, boolean byDigest, boolean insecure) {
        static final Push NO = new Push(false, false, false);
        static final Push TAGS = new Push(true, false, false);
    }

    /// Whether the files of each platform lie in a folder of its own, such as `linux_arm64`.
    enum PlatformSplit {
        /// If several platforms were asked for.
        AUTO,
        ALWAYS,
        NEVER;

        boolean splits(boolean severalPlatforms) {
            return switch (this) {
                case AUTO -> severalPlatforms;
                case ALWAYS -> true;
                case NEVER -> false;
            };
        }
    }

    /// What becomes of files that are there already and are not part of the result.
    enum Mode {
        /// They stay.
        COPY,
        /// They are removed.
        DELETE
    }

    /// Parses the value of `--output`: a directory, `-`, or `type=…` with options.
    ///
    /// @throws ExportException if there is no such type or option, or a value is not one of its option's
    static ExportSpec parse(String text) {
        return SpecReader.read(text);
    }

    /// These outputs with those that `--push` and `--load` add: the images of the store are pushed too, or one is;
    /// and a container engine loads the image, unless one does already.
    ///
    /// @param given what `--output` says, if anything
    static List<ExportSpec> with(List<ExportSpec> given, boolean push, boolean load) {
        List<ExportSpec> specs = new ArrayList<>();
        for (ExportSpec spec : given) {
            specs.add(push && spec instanceof Image image ? pushed(image) : spec);
        }
        if (push && specs.stream().noneMatch(Image.class::isInstance)) {
            specs.add(parse("type=image,push=true"));
        }
        if (load && specs.stream().noneMatch(DockerLoad.class::isInstance)) {
            specs.add(parse("type=docker"));
        }
        return specs.isEmpty() ? List.of(parse("type=image")) : specs;
    }

    private static Image pushed(Image image) {
        Push push = new Push(true, image.push().byDigest(), image.push().insecure());
        return new Image(image.options(), image.store(), image.naming(), push);
    }

    /// The word after `type=`.
    default String type() {
        return switch (this) {
            case Image image -> "image";
            case OciArchive archive -> "oci";
            case OciLayout layout -> "oci";
            case DockerArchive archive -> "docker";
            case DockerLoad load -> "docker";
            case Local local -> "local";
            case Tar tar -> "tar";
            case CacheOnly cache -> "cacheonly";
        };
    }

    /// The file or directory that is written, `-` for standard output; null if it is neither.
    default @Nullable String place() {
        return switch (this) {
            case Image _, DockerLoad _, CacheOnly _ -> null;
            case OciArchive archive -> archive.destination().toString();
            case OciLayout layout -> layout.destination().toString();
            case DockerArchive archive -> archive.destination().toString();
            case Local local -> local.destination().toString();
            case Tar tar -> tar.destination().toString();
        };
    }

    /// How the image is put together; empty for outputs that are no image.
    default Optional<ImageOptions> imageOptions() {
        return switch (this) {
            case Image image -> Optional.of(image.options());
            case OciArchive archive -> Optional.of(archive.options());
            case OciLayout layout -> Optional.of(layout.options());
            case DockerArchive archive -> Optional.of(archive.options());
            case DockerLoad load -> Optional.of(load.options());
            case Local local -> Optional.empty();
            case Tar tar -> Optional.empty();
            case CacheOnly cache -> Optional.empty();
        };
    }
}
