package dev.jbuild.cli;

import dev.jbuild.cli.StoreItem.Place;
import dev.jbuild.cli.StoreItem.Standing;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.image.LocalImage;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.Garbage;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.solver.cache.CacheIndex;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `jbuild prune`: removes what nothing needs, or with `--all` everything but the images that have a name.
final class PruneCommand {
    private PruneCommand() {}

    static Options options() {
        return new Options(
                        "prune",
                        "[OPTIONS]",
                        "Removes images without a name, blobs that nothing refers to, logs of builds, and what failed"
                                + " and killed builds left.",
                        "It waits until no build uses the store, and asks before it removes anything.")
                .flag("Remove the build cache as well: everything but images that have a name.", "-a", "--all")
                .flag("Do not ask.", "-f", "--force")
                .flag("Only show what would be removed.", "--dry-run")
                .flag("List every single thing.", "-v", "--verbose");
    }

    static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        boolean all = options.has("--all");
        boolean dry = options.has("--dry-run");
        String question = all
                ? "This removes the whole build cache and all images without a name."
                : "This removes images without a name and what nothing refers to.";
        if (!dry && !options.has("--force") && !confirmed(question, io)) {
            return ExitCode.OK;
        }
        Path root = StoreLocation.of(io, options.value("--root"));
        try (LayerStore store = dry ? LayerStore.openToRead(root) : openAlone(root, io)) {
            List<StoreItem> going = StoreUsage.of(store).stream()
                    .filter(item -> goes(item.standing(), all))
                    .toList();
            if (!dry) {
                remove(going, store);
            }
            if (options.has("--verbose") || dry) {
                io.out().print(DuCommand.every(going) + "\n");
            }
            String size = HumanText.size(DuCommand.bytes(going));
            io.out().print((dry ? "Would reclaim: " : "Total reclaimed space: ") + size + "\n");
        }
        return ExitCode.OK;
    }

    private static boolean goes(Standing standing, boolean all) {
        return switch (standing) {
            case KEPT -> false;
            case CACHED -> all;
            case UNUSED, ORPHAN -> true;
        };
    }

    /// Asks the user.
    ///
    /// @throws UsageException if there is nobody to ask
    static boolean confirmed(String question, Io io) throws IOException {
        if (!io.terminal().input()) {
            throw new UsageException(
                    "prune asks before it removes anything, and there is no terminal to ask at; use --force");
        }
        io.err().print(question);
        io.err().print("\nAre you sure you want to continue? [y/N] ");
        io.err().flush();
        String answer = new BufferedReader(new InputStreamReader(io.in(), StandardCharsets.UTF_8)).readLine();
        return answer != null
                && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
    }

    static LayerStore openAlone(Path root, Io io) throws InterruptedException {
        Optional<LayerStore> now = LayerStore.tryOpenExclusive(root);
        if (now.isPresent()) {
            return now.get();
        }
        io.err().print("Waiting until no build uses the store at " + root + "\n");
        io.err().flush();
        return LayerStore.openExclusive(root);
    }

    private static void remove(List<StoreItem> going, LayerStore store) {
        for (ImageStore.Entry entry : store.images().list()) {
            if (LocalImage.reference(entry) == null) {
                store.images().remove(entry.name());
            }
        }
        CacheIndex cache = new CacheIndex(store.cacheDir());
        // What refers goes before what it refers to, so that being killed in between leaves nothing that is broken.
        for (StoreItem item : going) {
            if (item.place() instanceof Place.InCache(var key)) {
                cache.remove(key);
            }
        }
        for (StoreItem item : going) {
            switch (item.place()) {
                case Place.InCache done -> {}
                case Place.InBlobs(var digests) -> store.remove(new Garbage(List.of(), digests, item.bytes()));
                case Place.InSnapshot(var id) -> store.remove(new Garbage(List.of(id), List.of(), item.bytes()));
                case Place.InFiles(var path) -> {
                    try {
                        Kernel.removeTree(path);
                    } catch (IOException e) {
                        throw StoreException.of(e, path, "remove what is");
                    }
                }
            }
        }
    }
}
