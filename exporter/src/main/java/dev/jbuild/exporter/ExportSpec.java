package dev.jbuild.exporter;

import java.nio.file.Path;
import java.util.Optional;

/// One `--output`, checked as far as that is possible without looking at the disk.
public sealed interface ExportSpec {
    /// Into the local image store, under each name, or under its digest if it has no name; and into registries.
    ///
    /// @param store whether the image is kept there at all
    /// @param nameCanonical whether it is kept under each name with its digest, too
    /// @param push whether it also goes to the registries that its names say
    record Image(ImageOptions options, boolean store, boolean nameCanonical, Push push) implements ExportSpec {}

    /// An OCI layout in a tar archive.
    record OciArchive(Destination destination, ImageOptions options) implements ExportSpec {}

    /// An OCI layout in a directory, which may hold other images already.
    record OciLayout(Path destination, ImageOptions options) implements ExportSpec {}

    /// An archive that `docker load` reads, with an OCI layout in the same files.
    record DockerArchive(Destination destination, ImageOptions options) implements ExportSpec {}

    /// The files, in a directory.
    record Local(Path destination, PlatformSplit split, Mode mode) implements ExportSpec {}

    /// The files, in a tar archive.
    record Tar(Destination destination, PlatformSplit split) implements ExportSpec {}

    /// Nothing but the cache.
    record CacheOnly() implements ExportSpec {}

    /// Whether an image goes to a registry.
    enum Push {
        NO,
        /// Under its names.
        TAGS,
        /// Into the repositories that its names say, without a tag.
        BY_DIGEST
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

    /// The word after `type=`.
    default String type() {
        return switch (this) {
            case Image image -> "image";
            case OciArchive archive -> "oci";
            case OciLayout layout -> "oci";
            case DockerArchive archive -> "docker";
            case Local local -> "local";
            case Tar tar -> "tar";
            case CacheOnly cache -> "cacheonly";
        };
    }

    /// How the image is put together; empty for outputs that are no image.
    default Optional<ImageOptions> imageOptions() {
        return switch (this) {
            case Image image -> Optional.of(image.options());
            case OciArchive archive -> Optional.of(archive.options());
            case OciLayout layout -> Optional.of(layout.options());
            case DockerArchive archive -> Optional.of(archive.options());
            case Local local -> Optional.empty();
            case Tar tar -> Optional.empty();
            case CacheOnly cache -> Optional.empty();
        };
    }
}
