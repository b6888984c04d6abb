package dev.jbuild.cli.command;

import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.snapshot.Snapshotter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where the store is: `--root`, `$JBUILD_ROOT`, `/var/lib/jbuild` for root, `$XDG_DATA_HOME/jbuild` for others.
public final class StoreLocation {
    private StoreLocation() {}

    public static Path of(Io io, Optional<String> rootOption) {
        String named = rootOption.orElse(io.env("JBUILD_ROOT"));
        if (named != null) {
            if (named.isEmpty()) {
                throw new UsageException("--root needs a directory");
            }
            return io.directory().resolve(named).toAbsolutePath().normalize();
        }
        if (isRoot(io)) {
            return Path.of("/var/lib/jbuild");
        }
        String data = io.env("XDG_DATA_HOME");
        if (data != null && data.startsWith("/")) {
            return Path.of(data, "jbuild");
        }
        String home = io.env("HOME");
        if (home == null || !home.startsWith("/")) {
            throw new UsageException("no place for the store: set JBUILD_ROOT, or HOME, or give --root=DIR");
        }
        return Path.of(home, ".local/share/jbuild");
    }

    // In the launcher's user namespace everybody is user 0.
    public static boolean isRoot(Io io) {
        try {
            return !io.namespace().mapsUsers()
                    && Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer uid
                    && uid == 0;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /// The store, shared with others; made if it is not there.
    public static LayerStore open(Io io, Options.Parsed options) throws InterruptedException {
        return LayerStore.open(of(io, options.value("--root")));
    }

    /// The store for a command that changes nothing in it; one that this user may only read will do.
    public static LayerStore openToRead(Io io, Options.Parsed options) throws InterruptedException {
        return LayerStore.openToRead(of(io, options.value("--root")));
    }

    /// How layers are brought together: `$JBUILD_SNAPSHOTTER`, else as the machine allows.
    public static Snapshotter snapshotter(Io io) {
        String word = io.env("JBUILD_SNAPSHOTTER");
        return switch (word == null ? "auto" : word) {
            case "auto" -> Snapshotter.AUTO;
            case "overlay" -> Snapshotter.OVERLAY;
            case "copy" -> Snapshotter.COPY;
            default -> throw new UsageException("JBUILD_SNAPSHOTTER is auto, overlay or copy, not '" + word + "'");
        };
    }
}
