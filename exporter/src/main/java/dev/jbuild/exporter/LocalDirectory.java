package dev.jbuild.exporter;

import dev.jbuild.layerstore.kernel.OpenDirectory;
import dev.jbuild.layerstore.kernel.OpenFile;
import dev.jbuild.layerstore.kernel.Stat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    /// @throws ExportException if the destination is no directory, or not one to write to
    static void check(Path destination) {
        if (Files.exists(destination) && !Files.isDirectory(destination)) {
            throw ExportException.failed(
                    "cannot write files to " + destination + ": it is a file, not a directory", destination);
        }
        if (Files.exists(destination) && !Files.isWritable(destination)) {
            throw ExportException.failed(
                    "cannot write files to " + destination + ": it cannot be written by this user", destination);
        }
    }

    /// Before the build, as nothing brings back what is removed.
    ///
    /// @throws ExportException if the destination must not be emptied
    static void checkDeletion(Path destination, ExportSpec.Mode mode, Exporter.Limits limits) {
        switch (mode) {
            case COPY -> {}
            case DELETE -> {
                Path emptied = real(destination);
                Path current = real(Path.of(""));
                if (current.startsWith(emptied)) {
                    throw ExportException.usage("mode=delete would remove everything else in " + emptied
                            + ", which holds the current directory; choose a directory of its own");
                }
                for (Path kept : limits.kept()) {
                    if (real(kept).startsWith(emptied)) {
                        throw ExportException.usage("mode=delete would remove everything else in " + emptied
                                + ", which holds " + kept + " that this build needs; choose a directory of its own");
                    }
                }
                if (!emptied.startsWith(current) && !limits.deletesAnywhere()) {
                    throw ExportException.usage("mode=delete would remove everything else in " + emptied
                            + ", which is not below the current directory; if that is meant, say so with"
                            + " --allow=buildx.local.delete");
                }
            }
        }
    }

    // Of what is not there yet, as much as is.
    private static Path real(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        try {
            for (Path there = absolute; there != null; there = there.getParent()) {
                if (Files.exists(there)) {
                    return there.toRealPath().resolve(there.relativize(absolute));
                }
            }
            return absolute;
        } catch (IOException e) {
            throw ExportException.of(e, path);
        }
    }

    /// Writes root file systems, each into the folder named, or into the destination itself where that is null.
    void write(List<RootFileSystems.Part> parts, @Nullable Instant clock, ExportListener listener) throws IOException {
        Path root = Files.createDirectories(destination.toAbsolutePath());
        if (parts.size() > 1 && parts.stream().allMatch(part -> part.folder() == null)) {
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
                case DELETE -> OtherFiles.remove(parts, target);
            }
            for (RootFileSystems.Part part : parts) {
                writeAttestations(part, target, staging, clock);
            }
        }
    }

    private static void writeAttestations(
            RootFileSystems.Part part, OpenDirectory target, StagingArea staging, @Nullable Instant clock)
            throws IOException {
        String folder = part.folder();
        try (OpenDirectory place =
                folder == null ? target.again() : target.directory(folder.getBytes(StandardCharsets.UTF_8))) {
            OpenDirectory stage = staging.directoryFor(place);
            for (Map.Entry<String, byte[]> attestation : part.attestations().entrySet()) {
                byte[] name = attestation.getKey().getBytes(StandardCharsets.UTF_8);
                byte[] temp = staging.newName();
                try (OpenFile file = stage.create(temp, 0644)) {
                    try (OutputStream out = file.output()) {
                        out.write(attestation.getValue());
                    }
                    if (clock != null) {
                        file.setTimes(clock.getEpochSecond(), 0);
                    }
                }
                stage.rename(temp, place, name);
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
