package dev.jbuild.cli;

import dev.jbuild.cli.report.Io;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.solver.run.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Processors, programs and Java.
final class MachineChecks {
    private static final Path HANDLERS = Path.of("/proc/sys/fs/binfmt_misc");

    private final Programs programs;
    private final Io io;

    MachineChecks(Programs programs, Io io) {
        this.programs = programs;
        this.io = io;
    }

    List<Check> run() {
        List<Check> checks = new ArrayList<>();
        Platform host = Platform.host();
        checks.add(Check.ok("platform", host + ", " + Runtime.getRuntime().availableProcessors() + " processors"));
        emulation("arm64", "aarch64", host).ifPresent(checks::add);
        emulation("arm", "arm", host).ifPresent(checks::add);
        emulation("amd64", "x86_64", host).ifPresent(checks::add);
        checks.add(git());
        checks.add(Check.ok("java", Runtime.version().toString()));
        checks.add(registryConfig());
        return checks;
    }

    private static Optional<Check> emulation(String architecture, String handler, Platform host) {
        if (host.architecture().equals(architecture)) {
            return Optional.empty();
        }
        String name = "linux/" + architecture;
        Path file = HANDLERS.resolve("qemu-" + handler);
        try {
            String text = Files.isReadable(file) ? Files.readString(file) : "";
            if (!text.startsWith("enabled")) {
                return Optional.of(Check.limited(
                        name,
                        "RUN for it does not work; building for it without RUN does",
                        "apt-get install qemu-user-static binfmt-support"));
            }
            // Without F the interpreter is looked up inside the image, where it is not.
            boolean opened = text.lines().anyMatch(line -> line.startsWith("flags:") && line.contains("F"));
            return Optional.of(
                    opened
                            ? Check.ok(name, "emulated by qemu")
                            : Check.limited(
                                    name,
                                    "qemu is registered without the flag F, so it is not found inside images",
                                    "apt-get install qemu-user-static, which registers it with F"));
        } catch (IOException e) {
            return Optional.of(Check.limited(name, file + " cannot be read: " + e.getMessage(), "mount binfmt_misc"));
        }
    }

    private Check git() {
        return programs.find("git")
                .map(path -> Check.ok("git", IsolationChecks.version(path)))
                .orElseGet(() -> Check.limited("git", "not on PATH: no git contexts", "apt-get install git"));
    }

    private Check registryConfig() {
        String configured = io.env("DOCKER_CONFIG");
        String home = io.env("HOME");
        if (configured == null && home == null) {
            return Check.ok("credentials", "none: neither DOCKER_CONFIG nor HOME is set");
        }
        Path file = configured != null
                ? Path.of(configured, "config.json")
                : Path.of(String.valueOf(home), ".docker/config.json");
        return Check.ok("credentials", Files.isReadable(file) ? file.toString() : "none in " + file);
    }
}
