package dev.jbuild.exporter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The container engines of this machine that can load an image: Docker, Podman, and containerd by way of nerdctl or
/// ctr. The first that answers is taken, unless the user names one.
public final class ContainerEngines {
    /// The variable that names an engine for every build.
    public static final String VARIABLE = "JBUILD_LOAD";

    private static final int SECONDS_TO_ANSWER = 20;
    private static final List<String> WORDS = List.of("docker", "podman", "nerdctl", "containerd");

    private final Map<String, String> environment;
    private final Map<String, ContainerEngine> chosen = new ConcurrentHashMap<>();

    /// @param environment of the programs that are started; its `PATH` says where they are
    public ContainerEngines(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /// The engine of this name, or with the Docker context of this name, or else the first that answers.
    ///
    /// @throws ExportException if it does not answer, or none does
    ContainerEngine choose(@Nullable String context) throws InterruptedException {
        String asked = context == null ? environment.getOrDefault(VARIABLE, "") : context;
        ContainerEngine known = chosen.get(asked);
        if (known == null) {
            known = asked.isEmpty() ? first() : named(asked);
            chosen.put(asked, known);
        }
        return known;
    }

    private ContainerEngine first() throws InterruptedException {
        List<String> tried = new ArrayList<>();
        for (String word : WORDS) {
            Kind kind = kind(word);
            Optional<Path> program = find(kind.program());
            if (program.isEmpty()) {
                tried.add(kind.program() + " is not on PATH");
                continue;
            }
            Optional<String> problem = problem(program.get(), kind.probe());
            if (problem.isEmpty()) {
                return engine(kind, program.get());
            }
            tried.add(kind.program() + " does not answer (" + problem.get() + ")");
        }
        throw ExportException.usage("there is no container engine here to load the image into: "
                + String.join("; ", tried)
                + ". Write a file with -o type=docker,dest=FILE, or leave the image in jbuild's own store with"
                + " -o type=image");
    }

    private ContainerEngine named(String word) throws InterruptedException {
        Kind kind = kind(word);
        Path program = find(kind.program())
                .orElseThrow(() -> ExportException.usage(
                        "cannot load the image into " + kind.shown() + ": there is no " + kind.program() + " on PATH"));
        Optional<String> problem = problem(program, kind.probe());
        if (problem.isPresent()) {
            throw ExportException.usage(
                    "cannot load the image into " + kind.shown() + ": it does not answer: " + problem.get());
        }
        return engine(kind, program);
    }

    /// How one engine is asked for things.
    private record Kind(String shown, String program, List<String> probe, List<String> load) {}

    private static Kind kind(String word) {
        return switch (word) {
            case "docker" -> new Kind("Docker", "docker", List.of("version"), List.of("load"));
            case "podman" -> new Kind("Podman", "podman", List.of("--version"), List.of("load"));
            case "nerdctl" -> new Kind("containerd", "nerdctl", List.of("info"), List.of("load"));
            case "containerd" -> new Kind("containerd", "ctr", List.of("version"), List.of("images", "import", "-"));
            default ->
                new Kind(
                        "the Docker context \"" + word + '"',
                        "docker",
                        List.of("--context", word, "version"),
                        List.of("--context", word, "load"));
        };
    }

    private ContainerEngine engine(Kind kind, Path program) {
        return new ContainerEngine(kind.shown(), program, kind.load(), environment);
    }

    private Optional<Path> find(String program) {
        for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
            Path path = Path.of(directory, program);
            if (directory.startsWith("/") && Files.isRegularFile(path) && Files.isExecutable(path)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    /// Why a program does not answer; empty if it does.
    private Optional<String> problem(Path program, List<String> arguments) throws InterruptedException {
        ContainerEngine probe = new ContainerEngine(program.toString(), program, arguments, environment);
        Process process;
        try {
            process = probe.start();
            process.getOutputStream().close();
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        EngineOutput output = EngineOutput.of(process);
        try {
            if (!process.waitFor(SECONDS_TO_ANSWER, TimeUnit.SECONDS)) {
                return Optional.of("nothing within " + SECONDS_TO_ANSWER + " s");
            }
            return process.exitValue() == 0 ? Optional.empty() : Optional.of(output.lastLine(process.exitValue()));
        } finally {
            process.destroyForcibly();
        }
    }
}
