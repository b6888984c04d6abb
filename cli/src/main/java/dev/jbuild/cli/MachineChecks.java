package dev.jbuild.cli;

import dev.jbuild.cli.report.Io;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.solver.sandbox.Emulation;
import dev.jbuild.solver.sandbox.Emulators;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Processors, programs and Java.
final class MachineChecks {
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
        checks.addAll(emulation());
        checks.add(git());
        checks.add(Check.ok("java", Runtime.version().toString()));
        checks.add(registryConfig());
        return checks;
    }

    /// How RUN for these processors works, found out as a build does.
    private List<Check> emulation() {
        List<Check> checks = new ArrayList<>();
        try (Emulators emulators = new Emulators(programs, MachineChecks::temporary)) {
            for (String platform : List.of("linux/arm64", "linux/arm/v7", "linux/amd64")) {
                if (!Platform.parse(platform)
                        .architecture()
                        .equals(Platform.host().architecture())) {
                    checks.add(emulation(platform, emulators));
                }
            }
        }
        return checks;
    }

    private static Check emulation(String platform, Emulators emulators) {
        String without = "RUN for it does not work, building for it without RUN does: ";
        try {
            return switch (emulators.of(Platform.parse(platform))) {
                case Emulation.Native _ ->
                    Check.ok(platform, "run by this processor").onRung("native");
                case Emulation.Registered _ ->
                    Check.ok(platform, "emulated, as registered in binfmt_misc").onRung("registered");
                case Emulation.Unregistered(Path emulator) ->
                    Check.ok(platform, "emulated by " + emulator + ", which each build registers for itself alone")
                            .onRung("unregistered");
                case Emulation.Missing(String reason, String remedy) ->
                    Check.limited(platform, without + reason, remedy).onRung("missing");
            };
        } catch (IOException | SandboxException e) {
            return Check.limited(platform, without + e.getMessage(), "see what jbuild doctor says of isolation")
                    .onRung("missing");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Check.limited(platform, "interrupted", "run jbuild doctor again");
        }
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("jbuild-emulation");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
