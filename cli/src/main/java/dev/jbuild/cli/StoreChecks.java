package dev.jbuild.cli;

import dev.jbuild.cli.report.HumanText;
import dev.jbuild.layerstore.kernel.Errno;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What there is to know of the place where the store is, or would be. Nothing is left there.
final class StoreChecks {
    private static final long LITTLE_SPACE = 5_000_000_000L;

    private final Path root;

    private boolean mayMount;
    private @Nullable String overlayFailure = "not tried";

    StoreChecks(Path root) {
        this.root = root;
    }

    /// Whether something could be mounted there, after [#run()].
    boolean mayMount() {
        return mayMount;
    }

    /// Why overlay does not work there, after [#run()]; null if it does.
    @Nullable
    String overlayFailure() {
        return overlayFailure;
    }

    List<Check> run() {
        List<Check> checks = new ArrayList<>();
        Path there = root;
        while (!Files.isDirectory(there) && there.getParent() != null) {
            there = there.getParent();
        }
        String place = there.equals(root) ? root.toString() : root + " (not made yet)";
        Path trial;
        try {
            trial = Files.createTempDirectory(there, ".jbuild-doctor-");
        } catch (IOException e) {
            checks.add(Check.broken(
                    "store",
                    root + " cannot be written: " + reason(e),
                    "make it writable for this user, or choose another place with --root or JBUILD_ROOT"));
            return checks;
        }
        try {
            checks.add(Check.ok("store", place + ", writable"));
            checks.add(fileSystem(there));
            checks.add(space(there));
            mayMount = Kernel.mayMount(trial);
            overlayFailure = overlay(trial);
        } catch (IOException e) {
            checks.add(Check.broken(
                    "store", root + " cannot be examined: " + reason(e), "see what is wrong with its disk"));
        } finally {
            remove(trial, checks);
        }
        return checks;
    }

    private static void remove(Path trial, List<Check> checks) {
        try {
            Kernel.removeTree(trial);
        } catch (IOException e) {
            checks.add(Check.limited("store", trial + " cannot be removed: " + reason(e), "remove it by hand"));
        }
    }

    private static Check fileSystem(Path there) throws IOException {
        String type = Files.getFileStore(there).type();
        return switch (type) {
            case "overlay", "nfs", "nfs4", "cifs", "vfat", "fuseblk" ->
                Check.limited(
                        "file system",
                        type + ": no overlay can be written there",
                        "put the store on ext4, xfs or btrfs, with --root or JBUILD_ROOT");
            default -> Check.ok("file system", type);
        };
    }

    private static Check space(Path there) throws IOException {
        FileStore store = Files.getFileStore(there);
        String free = HumanText.size(store.getUsableSpace()) + " of " + HumanText.size(store.getTotalSpace()) + " free";
        return store.getUsableSpace() < LITTLE_SPACE
                ? Check.limited("disk space", free, "jbuild prune --all frees what the cache takes; jbuild du shows it")
                : Check.ok("disk space", free);
    }

    private static @Nullable String overlay(Path trial) throws IOException {
        Path lower = Files.createDirectory(trial.resolve("lower"));
        Path upper = Files.createDirectory(trial.resolve("upper"));
        Path work = Files.createDirectory(trial.resolve("work"));
        Path target = Files.createDirectory(trial.resolve("root"));
        Files.writeString(lower.resolve("file"), "x");
        try {
            Kernel.mountOverlay(List.of(lower), upper, work, target);
        } catch (KernelException e) {
            Errno errno = e.name();
            return "overlay cannot be mounted (" + (errno == null ? "error " + e.errno() : errno.meaning()) + ")";
        }
        try {
            Files.delete(target.resolve("file"));
            return Files.exists(target.resolve("file")) ? "a file removed from an overlay is still there" : null;
        } finally {
            Kernel.detachMount(target);
        }
    }

    // The trial's own path would only distract.
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : String.valueOf(e.getMessage());
    }
}
