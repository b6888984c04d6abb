package dev.jbuild.exporter.sbom;

import dev.jbuild.layerstore.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;

/// The software in a root file system.
///
/// @param distribution what its `os-release` says
/// @param packages sorted, each once
/// @param warnings what could not be read
public record Inventory(Distribution distribution, List<FoundPackage> packages, List<String> warnings) {
    public Inventory {
        packages = List.copyOf(new TreeSet<>(packages));
        warnings = List.copyOf(warnings);
    }

    /// Looks for software. No link is followed, and what is broken or hostile is a warning.
    public static Inventory of(Path rootfs) throws IOException {
        return new RootScan(rootfs).run();
    }

    /// A distribution of Linux.
    ///
    /// @param id such as `debian`, empty if there is no `os-release`
    /// @param version such as `12`, empty if it does not say
    /// @param name for people
    public record Distribution(String id, String version, String name) {
        /// No distribution.
        public static final Distribution NONE = new Distribution("", "", "");

        /// `debian-12`, as package URLs have it.
        String qualifier() {
            return version.isEmpty() ? id : id + "-" + version;
        }
    }

    /// Identifies what was found: the same software has the same ID.
    UUID uuid(String documentName) {
        StringBuilder text = new StringBuilder(documentName).append('\n').append(distribution);
        packages.forEach(each -> text.append('\n').append(each));
        byte[] hash = Digest.newSha256().digest(text.toString().getBytes(StandardCharsets.UTF_8));
        long high = 0;
        long low = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            high = high << 8 | (hash[i] & 0xff);
            low = low << 8 | (hash[Long.BYTES + i] & 0xff);
        }
        // Version 8 of RFC 9562: bits of our own choice.
        return new UUID((high & ~0xf000L) | 0x8000L, (low & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L);
    }
}
