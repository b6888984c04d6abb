package dev.jbuild.exporter;

import java.util.ArrayList;
import java.util.List;

/// Options that are taken and, beside the others that were given, do nothing.
final class IdleOptions {
    private IdleOptions() {}

    /// A warning for each.
    static List<String> of(ExportSpec spec, ExportRequest request) {
        return switch (spec) {
            case ExportSpec.Image image ->
                of(image, request.namesFor(image.options()).isEmpty());
            case ExportSpec.OciArchive _,
                    ExportSpec.OciLayout _,
                    ExportSpec.DockerArchive _,
                    ExportSpec.DockerLoad _,
                    ExportSpec.Local _,
                    ExportSpec.Tar _,
                    ExportSpec.CacheOnly _ -> List.of();
        };
    }

    private static List<String> of(ExportSpec.Image image, boolean unnamed) {
        List<String> idle = new ArrayList<>();
        ExportSpec.Push push = image.push();
        ExportSpec.Naming naming = image.naming();
        if (push.byDigest() && !push.wanted()) {
            idle.add("push-by-digest does nothing, because the image is not pushed: add push=true or --push");
        }
        if (push.insecure() && !push.wanted()) {
            idle.add("registry.insecure does nothing, because the image is not pushed: add push=true or --push");
        }
        if (!image.store() && !push.wanted()) {
            idle.add(
                    "the image is neither kept nor pushed: leave out store=false, add push=true, or say type=cacheonly");
        }
        if (!image.store() && (naming.canonical() || naming.danglingPrefix() != null)) {
            idle.add("name-canonical and dangling-name-prefix do nothing, because the image is not kept in the store");
        } else if (naming.canonical() && unnamed) {
            idle.add("name-canonical does nothing, because the image has no name: give it one with -t or name=");
        }
        if (naming.danglingOnlyIfUnnamed() && naming.danglingPrefix() == null) {
            idle.add("danging-name-empty-only does nothing without dangling-name-prefix");
        }
        return idle;
    }
}
