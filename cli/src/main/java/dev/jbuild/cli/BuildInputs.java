package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.SolveRequest;
import dev.jbuild.solver.plan.NamedContext;
import dev.jbuild.solver.plan.PlanRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What a build reads from this machine: the Dockerfile, the contexts and what they ignore.
///
/// @param contexts what `--build-context` names
/// @param local the contexts that are directories, the main one too
record BuildInputs(
        Source dockerfile, Map<String, NamedContext> contexts, Map<String, SolveRequest.LocalContext> local) {
    private static final long LARGEST_DOCKERFILE = 16L << 20;

    static BuildInputs read(BuildOptions options, Path directory) throws IOException {
        Path context = options.context();
        if (options.isRemoteContext()) {
            throw new UsageException(
                    "remote build contexts are not supported yet: clone or download it and name the" + " directory");
        }
        if (!Files.isDirectory(context)) {
            throw new UsageException(
                    Files.exists(context)
                            ? "the build context " + context + " is not a directory"
                            : "the build context " + context + " does not exist");
        }
        Path file = options.file().orElseGet(() -> dockerfileIn(context));
        if (!Files.isRegularFile(file)) {
            throw new UsageException("failed to read dockerfile: " + display(file, directory) + ": "
                    + (Files.exists(file) ? "it is not a file" : "no such file")
                    + "; name another with -f");
        }
        if (Files.size(file) > LARGEST_DOCKERFILE) {
            throw new UsageException(display(file, directory) + " is larger than " + LARGEST_DOCKERFILE + " bytes");
        }
        Source dockerfile =
                new Source(display(file, directory), new String(Files.readAllBytes(file), StandardCharsets.UTF_8));

        Map<String, NamedContext> contexts = new HashMap<>();
        Map<String, SolveRequest.LocalContext> local = new HashMap<>();
        local.put(PlanRequest.MAIN_CONTEXT, new SolveRequest.LocalContext(context, ignore(context, file)));
        options.pairs("--build-context").forEach((name, value) -> {
            NamedContext named = named(name, value, directory);
            contexts.put(name, named);
        });
        for (Map.Entry<String, NamedContext> each : contexts.entrySet()) {
            if (each.getValue() instanceof NamedContext.Directory(Path path)) {
                local.put(each.getKey(), new SolveRequest.LocalContext(path, ignore(path, path.resolve("Dockerfile"))));
            }
        }
        return new BuildInputs(dockerfile, contexts, local);
    }

    private static Path dockerfileIn(Path context) {
        Path usual = context.resolve("Dockerfile");
        Path lower = context.resolve("dockerfile");
        return !Files.exists(usual) && Files.exists(lower) ? lower : usual;
    }

    private static String display(Path file, Path directory) {
        Path base = directory.toAbsolutePath().normalize();
        Path absolute = file.toAbsolutePath().normalize();
        return absolute.startsWith(base) ? base.relativize(absolute).toString() : absolute.toString();
    }

    /// The Dockerfile's own ignore file, if it has one, else the context's.
    private static IgnoreFile ignore(Path context, Path dockerfile) throws IOException {
        Path own = dockerfile.resolveSibling(dockerfile.getFileName() + ".dockerignore");
        Path file = Files.isRegularFile(own) ? own : context.resolve(".dockerignore");
        if (!Files.isRegularFile(file)) {
            return IgnoreFile.parse("");
        }
        return IgnoreFile.parse(new Source(file.toString(), Files.readString(file)));
    }

    private static NamedContext named(String name, String value, Path directory) {
        if (value.startsWith("docker-image://")) {
            return new NamedContext.Image(value.substring("docker-image://".length()));
        }
        if (value.startsWith("oci-layout://")) {
            return layout(value.substring("oci-layout://".length()), directory);
        }
        if (value.contains("://") || value.startsWith("git@")) {
            throw new UsageException("--build-context " + name + "=" + value
                    + ": expected a directory, oci-layout://DIR or docker-image://NAME");
        }
        Path path = directory.resolve(value);
        if (!Files.isDirectory(path)) {
            throw new UsageException("--build-context " + name + ": " + path + " is not a directory");
        }
        return new NamedContext.Directory(path);
    }

    /// `DIR`, `DIR:TAG` or `DIR@DIGEST`; a directory whose name has such a sign in it wins.
    private static NamedContext layout(String text, Path directory) {
        Path whole = directory.resolve(text);
        if (Files.isDirectory(whole)) {
            return new NamedContext.OciLayout(whole, "");
        }
        int at = text.lastIndexOf("@sha256:");
        int cut = at >= 0 ? at : text.lastIndexOf(':');
        if (cut <= 0 || text.indexOf('/', cut) >= 0) {
            throw new UsageException("oci-layout://" + text + ": there is no directory " + whole);
        }
        Path path = directory.resolve(text.substring(0, cut));
        if (!Files.isDirectory(path)) {
            throw new UsageException("oci-layout://" + text + ": there is no directory " + path);
        }
        return new NamedContext.OciLayout(path, text.substring(cut + 1));
    }
}
