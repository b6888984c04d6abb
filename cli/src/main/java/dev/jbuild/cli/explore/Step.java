package dev.jbuild.cli.explore;

import java.util.regex.Pattern;

/// An instruction that an image was made with.
///
/// @param instruction as the image's history has it; empty if that does not know
/// @param place the file and line of the Dockerfile, such as `Dockerfile:12`; empty if nobody wrote it down
/// @param layer the layer it made, 0 being the lowest; -1 if it made none
public record Step(String instruction, String place, int layer) {
    private static final Pattern NO_LAYER = Pattern.compile("^/bin/sh -c #\\(nop\\) +");
    private static final Pattern SHELL =
            Pattern.compile("^(?:RUN (?:\\|\\d+ (?:[A-Za-z_][A-Za-z0-9_]*=\\S* )*)?)?/bin/sh -c ");
    private static final Pattern MAKER = Pattern.compile(" # buildkit$");
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /// The instruction on one line as it was in the Dockerfile, or nearly: builders put a shell before it, the build
    /// arguments, and their own name behind it.
    String text() {
        String line = BLANKS.matcher(instruction).replaceAll(" ").strip();
        line = MAKER.matcher(line).replaceFirst("");
        line = NO_LAYER.matcher(line).replaceFirst("");
        return SHELL.matcher(line).replaceFirst("RUN ");
    }
}
