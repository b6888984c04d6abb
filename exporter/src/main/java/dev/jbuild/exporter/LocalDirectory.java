package dev.jbuild.exporter;

import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Root file systems as files in a directory: what is there already is replaced where the result has something of the
/// same name and stays otherwise, or is removed if that was asked for.
final class LocalDirectory {
    private final Path destination;
    private final ExportSpec.Mode mode;

    LocalDirectory(Path destination, ExportSpec.Mode mode) {
        this.destination = destination;
        this.mode = mode;
    }

    /// Says early what would fail late.
    ///
    /// @throws ExportException if the destination is no directory or must not be emptied
    static void check(Path destination, ExportSpec.Mode mode) {
        if (Files.exists(destination) && !Files.isDirectory(destination)) {
            throw ExportException.failed(
                    "cannot write files to " + destination + ": it is a file, not a directory", destination);
        }
        if (Files.exists(destination) && !Files.isWritable(destination)) {
            throw ExportException.failed(
                    "cannot write files to " + destination + ": it cannot be written by this user", destination);
        }
        switch (mode) {
            case COPY -> {}
            case DELETE -> {
                Path current = Path.of("").toAbsolutePath().normalize();
                Path emptied = destination.toAbsolutePath().normalize();
                try {
                    emptied = Files.exists(emptied) ? emptied.toRealPath() : emptied;
                    current = current.toRealPath();
                } catch (IOException e) {
                    throw ExportException.of(e, destination);
                }
                if (current.startsWith(emptied)) {
                    throw ExportException.usage("mode=delete would remove everything else in " + emptied
                            + ", which holds the current directory; choose a directory of its own");
                }
            }
        }
    }

    /// Writes root file systems, each into the folder named, or into the destination itself where that is null.
    void write(List<RootFileSystems.Part> parts, @Nullable Instant clock, ExportListener listener) throws IOException {
        Path root = Files.createDirectories(destination.toAbsolutePath());
        Set<String> folders = new TreeSet<>();
        parts.forEach(part -> {
            if (part.folder() != null) {
                folders.add(part.folder());
            }
        });
        if (folders.isEmpty() && parts.size() > 1) {
            refuseDuplicates(parts);
        }
        try (StagingArea staging = StagingArea.open(root);
                OpenDirectory target = OpenDirectory.open(root)) {
            for (RootFileSystems.Part part : parts) {
                TreeCopy copy = new TreeCopy(target, staging, clock, listener);
                copy.copy(part.rootfs(), part.folder());
            }
            switch (mode) {
                case COPY -> {}
                case DELETE -> removeOthers(parts, folders, target);
            }
        }
    }

    private void removeOthers(List<RootFileSystems.Part> parts, Set<String> folders, OpenDirectory target)
            throws IOException {
        List<OpenDirectory> sources = new ArrayList<>();
        try {
            if (folders.isEmpty()) {
                for (RootFileSystems.Part part : parts) {
                    sources.add(OpenDirectory.open(part.rootfs()));
                }
                removeOthers(sources, target, true);
                return;
            }
            for (byte[] name : target.names()) {
                String text = new String(name, StandardCharsets.UTF_8);
                if (!folders.contains(text) && !StagingArea.isOne(text)) {
                    target.removeTree(name);
                }
            }
            for (RootFileSystems.Part part : parts) {
                byte[] folder = String.valueOf(part.folder()).getBytes(StandardCharsets.UTF_8);
                try (OpenDirectory source = OpenDirectory.open(part.rootfs());
                        OpenDirectory below = target.directory(folder)) {
                    removeOthers(List.of(source), below, false);
                }
            }
        } finally {
            for (OpenDirectory source : sources) {
                source.close();
            }
        }
    }

    // What none of the sources has goes; what is a directory in some of them is looked into.
    private static void removeOthers(List<OpenDirectory> sources, OpenDirectory target, boolean top)
            throws IOException {
        for (byte[] name : target.names()) {
            if (top && StagingArea.isOne(new String(name, StandardCharsets.UTF_8))) {
                continue;
            }
            boolean found = false;
            List<OpenDirectory> directories = new ArrayList<>();
            try {
                for (OpenDirectory source : sources) {
                    Stat stat = source.stat(name);
                    found |= stat != null;
                    if (stat != null && stat.isDirectory()) {
                        directories.add(source.directory(name));
                    }
                }
                if (!found) {
                    target.removeTree(name);
                } else if (!directories.isEmpty()) {
                    try (OpenDirectory below = target.directory(name)) {
                        removeOthers(directories, below, false);
                    }
                }
            } finally {
                for (OpenDirectory directory : directories) {
                    directory.close();
                }
            }
        }
    }

    private void refuseDuplicates(List<RootFileSystems.Part> parts) throws IOException {
        Map<String, String> owners = new HashMap<>();
        for (RootFileSystems.Part part : parts) {
            try (OpenDirectory root = OpenDirectory.open(part.rootfs())) {
                refuseDuplicates(root, "", part.platform(), owners);
            }
        }
    }

    private void refuseDuplicates(OpenDirectory directory, String path, String platform, Map<String, String> owners)
            throws IOException {
        for (byte[] name : directory.names()) {
            String below = path + "/" + new String(name, StandardCharsets.UTF_8);
            Stat stat = directory.stat(name);
            if (stat != null && stat.isDirectory()) {
                try (OpenDirectory child = directory.directory(name)) {
                    refuseDuplicates(child, below, platform, owners);
                }
                continue;
            }
            String owner = owners.putIfAbsent(below, platform);
            if (owner != null) {
                throw ExportException.failed(
                        "cannot write files to " + destination + ": " + below + " is in the result for " + owner
                                + " and in the one for " + platform + "; leave out platform-split=false",
                        destination);
            }
        }
    }
}
