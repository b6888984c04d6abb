package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What of /proc and /sys a process may see and write, where no OCI runtime sees to it: as Docker, with the masked and
/// read-only paths of [RuntimeSpec].
final class KernelFiles {
    private static final Path NULL = Path.of("/dev/null");

    private KernelFiles() {}

    /// Hides and protects the files of /sys, and of a /proc that is mounted already, below a root file system.
    static void restrict(Path root, List<String> mounted) throws IOException {
        for (String path : RuntimeSpec.MASKED) {
            if (below(path, mounted) && Files.exists(Path.of(path))) {
                Path place = Kernel.resolveInRoot(root, path);
                if (Files.isDirectory(place)) {
                    Kernel.mountTmpfs(place, "size=4k,mode=0555");
                } else if (Files.exists(place)) {
                    Kernel.bindMount(NULL, place);
                }
            }
        }
        for (String path : RuntimeSpec.READ_ONLY) {
            Path place = Kernel.resolveInRoot(root, path);
            if (below(path, mounted) && Files.exists(place)) {
                Kernel.bindMountReadOnly(place, place);
            }
        }
    }

    private static boolean below(String path, List<String> mounted) {
        return mounted.stream().anyMatch(each -> path.startsWith(each + "/"));
    }

    /// The same of a /proc that has yet to be mounted, in the words of fstab(5), with that mount first, and of a /sys
    /// that is mounted only then; and of what else belongs to a namespace.
    ///
    /// @param sys null if it is restricted already
    static String table(Path proc, @Nullable Path sys, Path dev, boolean insecure) {
        List<String> lines = new ArrayList<>();
        lines.add(line("proc", proc, "proc", "nosuid,nodev,noexec"));
        lines.add(line("mqueue", dev.resolve("mqueue"), "mqueue", "nosuid,nodev,noexec"));
        for (String path : insecure ? List.<String>of() : RuntimeSpec.MASKED) {
            Path original = Path.of(path);
            Path place = path.startsWith("/proc/") ? below(proc, path) : sys == null ? null : below(sys, path);
            if (place != null && Files.exists(original)) {
                lines.add(
                        Files.isDirectory(original)
                                ? line("tmpfs", place, "tmpfs", "ro,size=4k,mode=0555")
                                : line(NULL.toString(), place, "none", "bind"));
            }
        }
        for (String path : insecure ? List.<String>of() : RuntimeSpec.READ_ONLY) {
            if (Files.exists(Path.of(path))) {
                Path place = below(proc, path);
                lines.add(line(escaped(place), place, "none", "bind,ro"));
            }
        }
        return String.join("", lines);
    }

    /// Where a path below /proc or /sys is, if that is at this place.
    private static Path below(Path place, String path) {
        return place.resolve(path.substring(path.indexOf('/', 1) + 1));
    }

    private static String line(String source, Path place, String type, String options) {
        return source + ' ' + escaped(place) + ' ' + type + ' ' + options + " 0 0\n";
    }

    private static String escaped(Path path) {
        return path.toString()
                .replace("\\", "\\134")
                .replace(" ", "\\040")
                .replace("\t", "\\011")
                .replace("\n", "\\012");
    }
}
