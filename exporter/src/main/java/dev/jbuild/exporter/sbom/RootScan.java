package dev.jbuild.exporter.sbom;

import dev.jbuild.exporter.sbom.Inventory.Distribution;
import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One walk over a root file system, from open directory to open directory, that shows each regular file to those who
/// may know it.
final class RootScan {
    private static final int LARGEST_DATABASE = 256 << 20;
    private static final int LARGEST_DOCUMENT = 32 << 20;
    // Deeper than any real tree; what is below is not looked at.
    private static final int DEEPEST = 200;
    // They belong to the machine that runs the image, whatever an image has there.
    private static final Set<String> NOT_LOOKED_INTO = Set.of("proc", "sys", "dev");

    private final Path rootfs;
    private final List<FoundPackage> found = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Map<String, byte[]> databases = new HashMap<>();
    private final NodePackages node = new NodePackages();
    private Distribution distribution = Distribution.NONE;

    RootScan(Path rootfs) {
        this.rootfs = rootfs;
    }

    Inventory run() throws IOException {
        try (OpenDirectory root = OpenDirectory.open(rootfs)) {
            walk(root, "", 0);
        }
        // These need to know the distribution, whose file may come later than they do.
        databases.keySet().stream().sorted().forEach(path -> database(path, databases.getOrDefault(path, new byte[0])));
        found.addAll(node.packages());
        return new Inventory(distribution, found, warnings);
    }

    private void walk(OpenDirectory directory, String path, int depth) throws IOException {
        for (byte[] name : directory.names()) {
            if (Thread.interrupted()) {
                throw new InterruptedIOException();
            }
            Stat stat = directory.stat(name);
            String text = new String(name, StandardCharsets.UTF_8);
            if (stat == null || (depth == 0 && NOT_LOOKED_INTO.contains(text))) {
                continue;
            }
            if (stat.isDirectory() && depth < DEEPEST) {
                try (OpenDirectory child = directory.directory(name)) {
                    node.directory(path + text);
                    walk(child, path + text + "/", depth + 1);
                }
            } else if (stat.isRegular() && stat.size() > 0) {
                try {
                    file(directory, name, path + text, stat);
                } catch (BrokenFileException e) {
                    warnings.add("/" + path + text + ": " + e.getMessage());
                }
            }
        }
    }

    private void file(OpenDirectory directory, byte[] name, String path, Stat stat) throws IOException {
        switch (path) {
            case "etc/os-release", "usr/lib/os-release" -> {
                if (distribution.id().isEmpty()) {
                    distribution = OsRelease.read(read(directory, name, stat, LARGEST_DOCUMENT));
                }
                return;
            }
            case "var/lib/dpkg/status", "lib/apk/db/installed", "usr/lib/apk/db/installed" -> {
                databases.put(path, read(directory, name, stat, LARGEST_DATABASE));
                return;
            }
            default -> {}
        }
        if (path.startsWith("var/lib/dpkg/status.d/") && !path.endsWith(".md5sums")) {
            databases.put(path, read(directory, name, stat, LARGEST_DOCUMENT));
        } else if (path.startsWith("var/lib/rpm/") || path.startsWith("usr/lib/sysimage/rpm/")) {
            rpm(directory, name, path, stat);
        } else if (NodePackages.isDocument(path)) {
            node.add(path, read(directory, name, stat, LARGEST_DOCUMENT));
        } else if (JavaArchives.isOne(path)) {
            found.addAll(JavaArchives.read(directory.place().resolve(last(path)), path));
        } else if ((stat.permissions() & 0111) != 0) {
            try (OpenFile file = directory.read(name)) {
                found.addAll(GoPrograms.read(new FileBytes(file, stat.size()), path));
            }
        }
    }

    private void rpm(OpenDirectory directory, byte[] name, String path, Stat stat) throws IOException {
        switch (last(path)) {
            case "rpmdb.sqlite" -> databases.put(path, read(directory, name, stat, LARGEST_DATABASE));
            case "rpmdb.sqlite-wal" ->
                warnings.add("/" + path + ": the database of rpm was not closed; packages that were installed last may"
                        + " be missing");
            case "Packages" ->
                throw new BrokenFileException("a database of rpm in the Berkeley format, which is not read: the list"
                        + " has no packages of rpm");
            case "Packages.db" ->
                throw new BrokenFileException(
                        "a database of rpm in the ndb format, which is not read: the list has no" + " packages of rpm");
            default -> {}
        }
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private void database(String path, byte[] content) {
        try {
            if (path.startsWith("var/lib/dpkg/")) {
                found.addAll(DebianPackages.read(content, distribution, path));
            } else if (path.endsWith("installed")) {
                found.addAll(AlpinePackages.read(content, distribution, path));
            } else {
                found.addAll(RpmPackages.read(content, distribution, path));
            }
        } catch (BrokenFileException e) {
            warnings.add("/" + path + ": " + e.getMessage());
        }
    }

    private static byte[] read(OpenDirectory directory, byte[] name, Stat stat, int largest) throws IOException {
        if (stat.size() > largest) {
            throw new BrokenFileException("it is too large to be read: " + stat.size() + " bytes");
        }
        try (OpenFile file = directory.read(name);
                InputStream in = file.input()) {
            return in.readNBytes(largest);
        }
    }
}
