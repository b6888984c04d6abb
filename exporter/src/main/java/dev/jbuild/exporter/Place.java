package dev.jbuild.exporter;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where an output goes, checked as far as that is possible before there is anything to write.
record Place(@Nullable Path path, boolean stdout) {
    private static final Place NOWHERE = new Place(null, false);

    /// @throws ExportException if the output cannot be written there, or not for several platforms, or not
    ///     without a name
    static Place of(ExportSpec spec, boolean index, List<String> names) {
        return switch (spec) {
            case ExportSpec.Image image -> {
                boolean named = !names.isEmpty() || !image.options().names().isEmpty();
                if (image.push().wanted() && !named) {
                    throw ExportException.usage("an image needs a name to be pushed; give it one with -t or name=");
                }
                yield NOWHERE;
            }
            case ExportSpec.CacheOnly cache -> NOWHERE;
            case ExportSpec.OciArchive oci -> of(oci.destination());
            case ExportSpec.DockerArchive docker -> {
                if (index) {
                    throw ExportException.usage("type=docker holds an image for one platform, and several were asked"
                            + " for; use type=oci, or build for one platform");
                }
                yield of(docker.destination());
            }
            case ExportSpec.DockerLoad load -> {
                if (index) {
                    throw ExportException.usage("a container engine loads an image for one platform, and several were"
                            + " asked for; push to a registry, or build for one platform");
                }
                yield NOWHERE;
            }
            case ExportSpec.Tar tar -> {
                if (index && tar.split() == ExportSpec.PlatformSplit.NEVER) {
                    throw ExportException.usage("several platforms in one type=tar output need a folder each; leave out"
                            + " platform-split=false");
                }
                yield of(tar.destination());
            }
            case ExportSpec.OciLayout layout -> {
                LayoutDirectory.check(layout.destination());
                yield new Place(layout.destination(), false);
            }
            case ExportSpec.Local local -> {
                LocalDirectory.check(local.destination());
                yield new Place(local.destination(), false);
            }
        };
    }

    private static Place of(Destination destination) {
        return switch (destination) {
            case Destination.File file -> {
                OutputFile.check(file.path());
                yield new Place(file.path(), false);
            }
            case Destination.Stdout out -> new Place(null, true);
        };
    }
}
