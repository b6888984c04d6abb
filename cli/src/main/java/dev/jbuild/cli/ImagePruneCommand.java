package dev.jbuild.cli;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.image.ImageFilter;
import dev.jbuild.cli.image.LocalImage;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Io;
import dev.jbuild.layerstore.Garbage;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `jbuild image prune`: removes images, and the blobs that only they needed. The build cache stays.
final class ImagePruneCommand {
    private static final List<String> FILTERS = List.of("until", "label", "label!", "reference");

    private ImagePruneCommand() {}

    private static Options options() {
        return new Options(
                        "image prune",
                        "[OPTIONS]",
                        "Removes images without a name, and the disk space that only they take. What the build cache"
                                + " needs stays; 'jbuild prune' is for that.",
                        "It waits until no build uses the store, and asks before it removes anything.")
                .flag("Remove all images, also those that have a name.", "-a", "--all")
                .values(
                        "KEY=VALUE",
                        "Only images with until=AGE|DATE, label=KEY[=VALUE], label!=KEY[=VALUE], reference=PATTERN.",
                        "--filter")
                .flag("Do not ask.", "-f", "--force")
                .flag("Only show what would be removed.", "--dry-run");
    }

    static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        boolean all = options.has("--all");
        boolean dry = options.has("--dry-run");
        ImageFilter filter =
                new ImageFilter(options.values("--filter"), FILTERS, io.clock().instant(), name -> Optional.empty());
        String question = all ? "This removes all images." : "This removes all images without a name.";
        if (!dry && !options.has("--force") && !PruneCommand.confirmed(question, io)) {
            return ExitCode.OK;
        }
        Path root = StoreLocation.of(io, options.value("--root"));
        try (LayerStore store = dry ? LayerStore.openToRead(root) : PruneCommand.openAlone(root, io)) {
            prune(store, all, filter, dry, io);
        }
        return ExitCode.OK;
    }

    private static void prune(LayerStore store, boolean all, ImageFilter filter, boolean dry, Io io) {
        ImageRemoval removal = new ImageRemoval(store, dry);
        StringBuilder removed = new StringBuilder();
        for (ImageStore.Entry entry : store.images().list()) {
            if ((LocalImage.reference(entry) == null || all) && filter.test(candidate(entry, store))) {
                ImageRemoval.Removed one = removal.remove(entry);
                one.untagged()
                        .ifPresent(name ->
                                removed.append("untagged: ").append(name).append('\n'));
                one.deleted()
                        .ifPresent(id -> removed.append("deleted: ").append(id).append('\n'));
            }
        }
        Garbage garbage = removal.garbage();
        if (!dry) {
            store.remove(garbage);
        }
        if (!removed.isEmpty()) {
            io.out().print((dry ? "Would delete images:\n" : "Deleted Images:\n") + removed + "\n");
        }
        io.out().print((dry ? "Would reclaim: " : "Total reclaimed space: ") + HumanText.size(garbage.bytes()) + "\n");
    }

    /// An image that cannot be read has no labels, and is as old as its name.
    private static ImageFilter.Candidate candidate(ImageStore.Entry entry, LayerStore store) {
        ImageReference name = LocalImage.reference(entry);
        try {
            Optional<LocalImage.ForPlatform> shown =
                    LocalImage.read(entry, store.content()).shown();
            Instant created = shown.map(image -> image.config().created()).orElse(null);
            Map<String, String> labels = shown.<Map<String, String>>map(
                            image -> image.config().config().labels())
                    .orElse(Map.of());
            boolean says = created != null && !created.equals(Instant.EPOCH);
            return new ImageFilter.Candidate(name, says ? created : entry.tagged(), labels);
        } catch (OciFormatException | StoreException e) {
            return new ImageFilter.Candidate(name, entry.tagged(), Map.of());
        }
    }
}
