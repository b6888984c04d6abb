package dev.jbuild.solver.event;

import java.util.OptionalLong;

/// What the processes of a step used together; what the kernel has not counted is not known.
///
/// @param processors microseconds of processor time
/// @param memory the most bytes at one time, page cache included
/// @param read bytes from disks
/// @param written bytes to disks
public record ResourceUsage(OptionalLong processors, OptionalLong memory, OptionalLong read, OptionalLong written) {}
