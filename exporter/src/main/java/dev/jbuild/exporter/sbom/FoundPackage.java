package dev.jbuild.exporter.sbom;

import java.util.Comparator;

/// One piece of software in a root file system.
///
/// @param version empty if it is not known
/// @param purl its package URL
/// @param license as its authors wrote it, empty if they did not
/// @param supplier who made this package, empty if that is not known
/// @param foundIn the file that told of it
public record FoundPackage(
        Kind kind, String name, String version, String purl, String license, String supplier, String foundIn)
        implements Comparable<FoundPackage> {
    private static final Comparator<FoundPackage> ORDER = Comparator.comparing(FoundPackage::kind)
            .thenComparing(FoundPackage::name)
            .thenComparing(FoundPackage::version)
            .thenComparing(FoundPackage::purl)
            .thenComparing(FoundPackage::foundIn)
            .thenComparing(FoundPackage::license)
            .thenComparing(FoundPackage::supplier);

    /// What packs such software.
    public enum Kind {
        DEB,
        APK,
        RPM,
        GO,
        NPM,
        MAVEN
    }

    public FoundPackage {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a package without a name in " + foundIn);
        }
    }

    @Override
    public int compareTo(FoundPackage other) {
        return ORDER.compare(this, other);
    }
}
