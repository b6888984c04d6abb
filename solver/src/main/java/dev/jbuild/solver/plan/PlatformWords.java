package dev.jbuild.solver.plan;

import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.source.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Platforms as people write them, for `FROM --platform` and the command line. What no image is ever made for is
/// most likely a slip of the finger, and would otherwise fail much later, or not at all on `FROM scratch`.
public final class PlatformWords {
    private static final List<String> SYSTEMS = List.of(
            "linux",
            "windows",
            "darwin",
            "freebsd",
            "wasi",
            "wasip1",
            "js",
            "netbsd",
            "openbsd",
            "dragonfly",
            "android",
            "aix",
            "illumos",
            "solaris",
            "plan9",
            "ios",
            "hurd",
            "nacl",
            "zos");
    private static final List<String> ARCHITECTURES = List.of(
            "amd64",
            "arm64",
            "arm",
            "386",
            "riscv64",
            "s390x",
            "ppc64le",
            "loong64",
            "mips64le",
            "mips64",
            "mipsle",
            "mips",
            "ppc64",
            "ppc",
            "wasm",
            "wasm32",
            "wasm64",
            "riscv",
            "s390",
            "sparc",
            "sparc64",
            "armbe",
            "arm64be",
            "amd64p32",
            "mips64p32",
            "mips64p32le");

    private PlatformWords() {}

    /// Reads `os/architecture[/variant]`, or an operating system or an architecture alone.
    ///
    /// @throws BadPlatformException if it has another form, or a word in it that is neither
    public static Platform parse(String text) {
        Platform platform;
        try {
            platform = Platform.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadPlatformException(
                    "failed to parse platform " + text, "platforms look like linux/amd64 or linux/arm/v7");
        }
        boolean alone = text.indexOf('/') < 0;
        if (!SYSTEMS.contains(platform.os())) {
            throw unknown("operating system", text.substring(0, text.indexOf('/')), text, SYSTEMS);
        }
        if (ARCHITECTURES.contains(platform.architecture())) {
            return platform;
        }
        if (!alone) {
            throw unknown("architecture", text.split("/", -1)[1], text, ARCHITECTURES);
        }
        if (SYSTEMS.contains(text.toLowerCase(Locale.ROOT))) {
            return new Platform(text, Platform.host().architecture(), null);
        }
        List<String> words = new ArrayList<>(ARCHITECTURES);
        words.addAll(SYSTEMS);
        throw unknown("operating system or architecture", text, text, words);
    }

    private static BadPlatformException unknown(String what, String word, String text, List<String> known) {
        String near = Suggestion.didYouMean(word, known);
        return new BadPlatformException(
                "unknown " + what + " \"" + word + '"' + (word.equals(text) ? "" : " in platform " + text),
                near == null ? "for example linux/amd64, linux/arm64 or linux/arm/v7" : near);
    }
}
