package dev.jbuild.exporter;

import java.time.Instant;
import java.util.List;

/// What a build made, and what all its outputs have in common.
///
/// @param platforms in the order in which they were asked for
/// @param index whether the image is an index, and files lie in a folder a platform: several platforms were asked for
/// @param names what `-t` asks for; they replace the names that an output asks for itself
/// @param time the time of everything this build made
/// @param tagged the present time, which the image store remembers beside a name; it is in no output
/// @param annotations what `--annotation` asks for
public record ExportRequest(
        List<PlatformResult> platforms,
        boolean index,
        List<String> names,
        ImageTime time,
        Instant tagged,
        List<Annotation> annotations) {
    public ExportRequest {
        platforms = List.copyOf(platforms);
        names = names.stream().map(SpecReader::imageName).distinct().toList();
        annotations = List.copyOf(annotations);
        if (platforms.isEmpty()) {
            throw new IllegalArgumentException("a build has a result for at least one platform");
        }
        if (platforms.size() > 1 && !index) {
            throw new IllegalArgumentException("the results for several platforms need an index");
        }
    }

    List<String> namesFor(ImageOptions options) {
        return names.isEmpty() ? options.names() : names;
    }
}
