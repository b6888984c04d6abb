package dev.jbuild.solver.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The programs of this machine, by the directories of a PATH and the usual ones.
public final class Programs {
    private static final List<String> USUAL = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin");

    private final List<Path> directories = new ArrayList<>();
    private final Map<String, Optional<Path>> found = new ConcurrentHashMap<>();

    /// @param path as in the environment variable PATH
    public Programs(String path) {
        for (String directory : path.split(":", -1)) {
            if (directory.startsWith("/")) {
                directories.add(Path.of(directory));
            }
        }
        USUAL.forEach(directory -> directories.add(Path.of(directory)));
    }

    public Optional<Path> find(String name) {
        return found.computeIfAbsent(name, this::search);
    }

    /// The program's place.
    ///
    /// @throws SandboxException if there is none
    public Path need(String name) {
        return find(name)
                .orElseThrow(() -> new SandboxException(name + " is not on PATH: install util-linux and coreutils"));
    }

    private Optional<Path> search(String name) {
        for (Path directory : directories) {
            Path program = directory.resolve(name);
            if (Files.isExecutable(program) && Files.isRegularFile(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }
}
