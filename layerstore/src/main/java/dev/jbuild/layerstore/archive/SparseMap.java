package dev.jbuild.layerstore.archive;

import dev.jbuild.layerstore.content.StoreException;
import java.util.List;

/// Where a file has data; all else of it reads as zeros.
///
/// @param regions in order and without overlap; none if the file is not sparse
record SparseMap(List<Region> regions, boolean sparse) {
    static final SparseMap NONE = new SparseMap(List.of(), false);

    record Region(long offset, long length) {}

    SparseMap {
        regions = List.copyOf(regions);
    }

    /// A map for a file of this size.
    ///
    /// @throws StoreException of kind CORRUPT if it does not fit
    static SparseMap of(List<Region> regions, long size) {
        long end = 0;
        for (Region region : regions) {
            if (region.offset < end || region.length < 0 || region.offset > size - region.length) {
                throw new StoreException(
                        StoreException.Kind.CORRUPT,
                        "not a valid tar: the map of a sparse file of " + size + " bytes has data at " + region.offset
                                + ", " + region.length + " bytes");
            }
            end = region.offset + region.length;
        }
        return new SparseMap(regions, true);
    }

    /// How many bytes of data the archive holds.
    long stored() {
        return regions.stream().mapToLong(Region::length).sum();
    }
}
