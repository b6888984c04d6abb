package dev.jbuild.cli;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.image.ImageBlobs;
import dev.jbuild.cli.image.ImageFilter;
import dev.jbuild.cli.image.LocalImage;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Io;
import dev.jbuild.layerstore.Garbage;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.Digest;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// `jbuild image prune`: removes images, and the blobs that only they needed. The build cache stays.
final class ImagePruneCommand {
    private static final List<String> FILTERS = List.of("until", "label", "reference");

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
                        "Only images with until=AGE|DATE, label=KEY[=VALUE], reference=PATTERN.",
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
        List<ImageStore.Entry> staying = new ArrayList<>();
        Set<Digest> reached = new HashSet<>();
        for (ImageStore.Entry entry : store.images().list()) {
            ImageReference name = LocalImage.reference(entry);
            if ((name == null || all) && filter.test(candidate(entry, store))) {
                reached.addAll(new ImageBlobs(store.content()).reachable(entry.descriptor()));
                io.out().print((name == null ? "deleted: " + entry.name() : "untagged: " + name.familiar()) + "\n");
                if (!dry) {
                    store.images().remove(entry.name());
                }
            } else {
                staying.add(entry);
            }
        }
        List<Digest> going = new ArrayList<>();
        long bytes = 0;
        for (StoreItem item : StoreUsage.of(store, staying)) {
            boolean unused =
                    item.standing() == StoreItem.Standing.UNUSED || item.standing() == StoreItem.Standing.ORPHAN;
            if (unused && item.place() instanceof StoreItem.Place.InBlobs(var digests)) {
                for (Digest digest : digests) {
                    if (reached.contains(digest)) {
                        going.add(digest);
                        bytes += store.content().size(digest);
                    }
                }
            }
        }
        if (!dry) {
            store.remove(new Garbage(List.of(), going, bytes));
        }
        io.out().print((dry ? "Would reclaim: " : "Total reclaimed space: ") + HumanText.size(bytes) + "\n");
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
