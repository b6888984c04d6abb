package dev.jbuild.layerstore.snapshot;

import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.content.TempArea;
import dev.jbuild.layerstore.kernel.Capability;
import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.kernel.KernelException;
import dev.jbuild.layerstore.kernel.Marks;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes root file systems of layers: mounted where that can be done, else copied.
final class RootFileSystems {
    private final SnapshotStore store;
    private final TempArea temp;
    private final CopiedTrees trees;
    private final Snapshotter asked;
    private final Marks marks;
    /// Unknown until something was mounted or could not be.
    private volatile @Nullable Boolean copies;

    RootFileSystems(SnapshotStore store, TempArea temp, Snapshotter asked, Marks marks) {
        this.store = store;
        this.temp = temp;
        this.trees = new CopiedTrees(temp, marks);
        this.marks = marks;
        this.asked = asked;
        this.copies = switch (asked) {
            case OVERLAY -> false;
            case COPY -> true;
            case AUTO -> hopeless(marks) ? Boolean.TRUE : null;
        };
    }

    /// Whether overlay need not even be tried.
    private static boolean hopeless(Marks marks) {
        return marks == Marks.FILES || !Kernel.has(Capability.SYS_ADMIN);
    }

    ActiveSnapshot prepare(List<SnapshotId> lowers, List<Path> below, List<Path> covers) {
        Path work = temp.newDirectory("active");
        Path upper = SnapshotStore.newRoot(work);
        try {
            if (lowers.isEmpty() && (covers.isEmpty() || copies())) {
                return new ActiveSnapshot(work, lowers, MountStack.plain(upper), null);
            }
            Path like = store.ownRoot(lowers);
            Stat stat = like == null ? null : Kernel.stat(like);
            if (stat != null) {
                Kernel.chown(upper, stat.uid(), stat.gid());
                Kernel.chmod(upper, stat.permissions());
            }
            if (!copies()) {
                List<Path> directories = new ArrayList<>(below);
                directories.addAll(directories(lowers));
                directories.addAll(covers);
                MountStack stack = mounted(directories, work, upper);
                if (stack != null) {
                    return new ActiveSnapshot(work, lowers, stack, null);
                }
                if (lowers.isEmpty()) {
                    return new ActiveSnapshot(work, lowers, MountStack.plain(upper), null);
                }
            }
            CopiedRoot copy = CopiedRoot.of(trees, lowers, directories(lowers), upper, marks);
            return new ActiveSnapshot(work, lowers, MountStack.plain(upper), copy);
        } catch (IOException e) {
            throw StoreException.of(e, work, (copies() ? "copy " : "mount ") + lowers.size() + " layers");
        }
    }

    MountedView view(List<SnapshotId> lowers) {
        Path work = temp.newDirectory("view");
        try {
            if (lowers.isEmpty()) {
                return new MountedView(lowers, work, () -> Kernel.removeTree(work));
            }
            MountStack stack = copies() ? null : mounted(directories(lowers), work, null);
            if (stack != null) {
                return new MountedView(lowers, stack.root(), () -> {
                    stack.detach();
                    Kernel.removeTree(work);
                });
            }
            Kernel.removeTree(work);
            CopiedTrees.Tree tree = trees.read(lowers, directories(lowers));
            return new MountedView(lowers, tree.directory(), () -> trees.giveBack(tree));
        } catch (IOException e) {
            throw StoreException.of(e, work, (copies() ? "copy " : "mount ") + lowers.size() + " layers");
        }
    }

    private List<Path> directories(List<SnapshotId> lowers) {
        return lowers.stream().map(store::fs).toList();
    }

    private boolean copies() {
        return Boolean.TRUE.equals(copies);
    }

    /// The layers, mounted; null if nothing can be mounted here.
    private @Nullable MountStack mounted(List<Path> directories, Path work, @Nullable Path upper) throws IOException {
        try {
            MountStack stack = MountStack.mount(directories, work, upper);
            copies = false;
            return stack;
        } catch (KernelException e) {
            if (asked == Snapshotter.AUTO && copies == null && !canMount()) {
                copies = true;
                for (String made : MountStack.DIRECTORIES) {
                    Kernel.removeTree(work.resolve(made));
                }
                return null;
            }
            throw e;
        }
    }

    /// Tries the simplest mount that a build needs, in the place where its files lie.
    private boolean canMount() throws IOException {
        Path trial = temp.newDirectory("trial");
        try {
            Path lower = Files.createDirectory(trial.resolve("a"));
            Path upper = Files.createDirectory(trial.resolve("b"));
            MountStack.mount(List.of(lower), trial, upper).detach();
            return true;
        } catch (KernelException e) {
            // Whatever the reason: the store lies on an overlay, the kernel has none, a filter refuses it.
            return false;
        } finally {
            Kernel.removeTree(trial);
        }
    }
}
