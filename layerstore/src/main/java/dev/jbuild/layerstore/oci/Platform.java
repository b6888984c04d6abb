package dev.jbuild.layerstore.oci;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An operating system and processor, `os/architecture[/variant]`, in Go's names and normalized as containerd
/// does: `aarch64` is `arm64`, `x86_64` is `amd64`, `arm` alone is `arm/v7`, `arm64/v8` is `arm64`.
public record Platform(
        String os, String architecture, @Nullable String variant) {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]+");

    public Platform {
        os = word(os).toLowerCase(Locale.ROOT);
        architecture = word(architecture).toLowerCase(Locale.ROOT);
        variant = variant == null || variant.isEmpty() ? null : word(variant).toLowerCase(Locale.ROOT);
        switch (architecture) {
            case "x86_64", "x86-64" -> architecture = "amd64";
            case "i386", "i486", "i586", "i686", "x86" -> architecture = "386";
            case "aarch64" -> architecture = "arm64";
            case "armhf" -> {
                architecture = "arm";
                variant = "v7";
            }
            case "armel" -> {
                architecture = "arm";
                variant = "v6";
            }
            default -> {}
        }
        if (architecture.equals("arm64") && ("8".equals(variant) || "v8".equals(variant))) {
            variant = null;
        } else if (architecture.equals("amd64") && "v1".equals(variant)) {
            variant = null;
        } else if (architecture.equals("arm")) {
            variant = variant == null ? "v7" : variant.startsWith("v") ? variant : "v" + variant;
        }
    }

    /// Parses `os/architecture[/variant]`, or an architecture alone, which is then Linux.
    ///
    /// @throws IllegalArgumentException if the text is none of these
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        return switch (parts.length) {
            case 1 ->
                parts[0].equalsIgnoreCase("linux")
                        ? new Platform("linux", hostArchitecture(), null)
                        : new Platform("linux", parts[0], null);
            case 2 -> new Platform(parts[0], parts[1], null);
            case 3 -> new Platform(parts[0], parts[1], parts[2]);
            default -> throw new IllegalArgumentException("not a platform: \"" + text + '"');
        };
    }

    /// The platform that this process runs on.
    public static Platform host() {
        return new Platform("linux", hostArchitecture(), null);
    }

    private static String hostArchitecture() {
        return System.getProperty("os.arch");
    }

    private static String word(String text) {
        if (!WORD.matcher(text).matches()) {
            throw new IllegalArgumentException("not part of a platform: \"" + text + '"');
        }
        return text;
    }

    /// `linux_arm_v7`: the name of this platform's folder in outputs of several platforms.
    public String pathName() {
        return toString().replace('/', '_');
    }

    @Override
    public String toString() {
        return variant == null ? os + "/" + architecture : os + "/" + architecture + "/" + variant;
    }
}
