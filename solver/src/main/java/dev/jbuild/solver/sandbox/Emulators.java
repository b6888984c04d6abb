package dev.jbuild.solver.sandbox;

import dev.jbuild.layerstore.kernel.Kernel;
import dev.jbuild.layerstore.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds out how programs for other processors than this machine's are run here, by running the
/// smallest there are.
///
/// Emulators that the kernel does not know of are made known to it in a user namespace of this object's
/// own, which ends when it is closed.
public final class Emulators implements AutoCloseable {
    private static final String PACKAGES = "install qemu-user-static and binfmt-support";

    private final Programs programs;
    private final Supplier<Path> directories;
    private final Platform host = Platform.host();
    private final Map<Processor, Emulation> known = new HashMap<>();
    private @Nullable EmulatorNamespace namespace;

    /// @param directories makes an empty directory, for trials
    public Emulators(Programs programs, Supplier<Path> directories) {
        this.programs = programs;
        this.directories = directories;
    }

    /// How programs for this platform are run. Variants are not looked at.
    public synchronized Emulation of(Platform platform) throws IOException, InterruptedException {
        if (platform.architecture().equals(host.architecture())) {
            return new Emulation.Native();
        }
        Optional<Processor> processor = Processor.of(platform);
        if (processor.isEmpty()) {
            return new Emulation.Missing("no emulator of that processor is known", "build without RUN for it");
        }
        Emulation found = known.get(processor.get());
        if (found == null) {
            found = find(processor.get());
            known.put(processor.get(), found);
        }
        return found;
    }

    /// The user namespace in which programs of this platform run, null if they run in this one.
    public synchronized Sandbox.@Nullable UserNamespace namespace(Platform platform)
            throws IOException, InterruptedException {
        boolean own = of(platform) instanceof Emulation.Unregistered;
        EmulatorNamespace opened = namespace;
        return own && opened != null ? opened.namespace() : null;
    }

    private Emulation find(Processor processor) throws IOException, InterruptedException {
        Path directory = directories.get();
        try {
            int code = trial(processor, null, directory);
            if (code == Processor.WELL) {
                return related(processor) ? new Emulation.Native() : new Emulation.Registered();
            }
            return unregistered(processor, directory);
        } finally {
            Kernel.removeTree(directory);
        }
    }

    /// Whether the machine's own processor is of the same family, an elder generation of which it can
    /// be asked to be.
    private boolean related(Processor processor) {
        return switch (host.architecture()) {
            case "amd64" -> processor == Processor.I386;
            case "arm64" -> processor == Processor.ARM;
            default -> false;
        };
    }

    private Emulation unregistered(Processor processor, Path directory) throws IOException, InterruptedException {
        String name = "qemu-" + processor.qemu();
        List<Path> there = new ArrayList<>();
        programs.find(name + "-static").ifPresent(there::add);
        programs.find(name).ifPresent(there::add);
        if (there.isEmpty()) {
            return new Emulation.Missing(name + "-static is not on PATH, nor is it registered", PACKAGES);
        }
        Path emulator = null;
        for (Path candidate : there) {
            if (emulator == null && !Executable.read(candidate).interpreted()) {
                emulator = candidate;
            }
        }
        if (emulator == null) {
            return new Emulation.Missing(
                    there.getFirst() + " is not statically linked, so it does not run inside an image", PACKAGES);
        }
        return registered(processor, emulator, directory);
    }

    private Emulation registered(Processor processor, Path emulator, Path directory)
            throws IOException, InterruptedException {
        try {
            EmulatorNamespace opened = namespace;
            if (opened == null) {
                opened = EmulatorNamespace.open(programs, directories.get());
                namespace = opened;
            }
            opened.register(processor, emulator);
            int code = trial(processor, opened.namespace(), directory);
            return code == Processor.WELL
                    ? new Emulation.Unregistered(emulator)
                    : new Emulation.Missing(emulator + " does not work: qemu 5.2 or a later one is needed", PACKAGES);
        } catch (SandboxException e) {
            return new Emulation.Missing(
                    emulator + " is not registered with the kernel, and registering it for this build alone takes"
                            + " Linux 6.7 and a user namespace (" + e.getMessage() + ")",
                    PACKAGES);
        }
    }

    /// Runs the smallest program, in a root where there is nothing else. (Where the kernel refuses it,
    /// a shell is tried, as ever since there were scripts; there is none.)
    private int trial(Processor processor, Sandbox.@Nullable UserNamespace user, Path directory)
            throws IOException, InterruptedException {
        Path root = directory.resolve("root-" + processor.architecture());
        if (!Files.exists(root)) {
            Files.createDirectory(root);
            Path program = Files.write(root.resolve("program"), processor.program());
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        List<String> command = new ArrayList<>();
        if (user != null) {
            command.addAll(user.entry(programs));
        }
        // It changes the root and makes no system call that a container may be denied.
        command.addAll(
                List.of(programs.need("nsenter").toString(), "--root=" + root, "--wd=" + root, "--", "/program"));
        return Children.run(command, root, (stream, line) -> {});
    }

    @Override
    public synchronized void close() {
        EmulatorNamespace opened = namespace;
        namespace = null;
        if (opened != null) {
            opened.close();
        }
    }
}
