package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.SolveRequest.Context;
import dev.jbuild.solver.plan.NamedContext;
import dev.jbuild.solver.plan.PlanRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What a build reads besides base images: the Dockerfile, the contexts and what they ignore.
///
/// @param contexts what `--build-context` names
/// @param local the contexts that are directories, the main one too
record BuildInputs(Source dockerfile, Map<String, NamedContext> contexts, Map<String, Context> local) {
    private static final String IGNORE_FILE = ".dockerignore";

    /// Reads what is to be read before there can be a plan. A main context that is no directory is brought here first.
    static BuildInputs read(BuildOptions options, BuildSession session) throws IOException, InterruptedException {
        Map<String, NamedContext> contexts = NamedContexts.parse(
                options.pairs("--build-context"), session.io().directory());
        MainContext main = main(options, session);
        Map<String, Context> local = new HashMap<>();
        local.put(PlanRequest.MAIN_CONTEXT, main.files());
        for (Map.Entry<String, NamedContext> each : contexts.entrySet()) {
            if (each.getValue() instanceof NamedContext.Directory(Path path)) {
                local.put(each.getKey(), new Context.Local(path, ignore(path.resolve(IGNORE_FILE))));
            }
        }
        return new BuildInputs(main.dockerfile(), contexts, local);
    }

    private static MainContext main(BuildOptions options, BuildSession session)
            throws IOException, InterruptedException {
        DockerfileOption file = options.dockerfile();
        return switch (options.context()) {
            case ContextOperand.Directory(Path path) -> directory(path, file, session);
            case ContextOperand.StandardInput() ->
                StandardInput.open(session.io().in()).context(inArchive(file), session);
            case ContextOperand.Http(String url) ->
                throw new UsageException(
                        "remote build contexts are not supported yet: download " + url + " and name the directory");
        };
    }

    private static MainContext directory(Path context, DockerfileOption file, BuildSession session) throws IOException {
        if (!Files.isDirectory(context)) {
            throw new UsageException(
                    Files.exists(context)
                            ? "the build context " + context + " is not a directory"
                            : "the build context " + context + " does not exist");
        }
        return switch (file) {
            case DockerfileOption.Usual() -> directory(context, DockerfileText.usual(context), session);
            case DockerfileOption.File(String path) ->
                directory(context, session.io().directory().resolve(path), session);
            case DockerfileOption.StandardInput() ->
                new MainContext(
                        StandardInput.open(session.io().in()).dockerfile(),
                        new Context.Local(context, ignore(context.resolve(IGNORE_FILE))));
            case DockerfileOption.Http(String url) -> throw unsupported(url);
        };
    }

    /// The Dockerfile's own ignore file, if it has one, else the context's.
    private static MainContext directory(Path context, Path dockerfile, BuildSession session) throws IOException {
        Source text = DockerfileText.file(dockerfile, session.io().directory());
        Path own = dockerfile.resolveSibling(dockerfile.getFileName() + IGNORE_FILE);
        Path ignore = Files.isRegularFile(own) ? own : context.resolve(IGNORE_FILE);
        return new MainContext(text, new Context.Local(context, ignore(ignore)));
    }

    /// The path of the Dockerfile in a context that is an archive, empty for the usual one.
    private static String inArchive(DockerfileOption file) {
        return switch (file) {
            case DockerfileOption.Usual() -> "";
            case DockerfileOption.File(String path) -> path;
            case DockerfileOption.Http(String url) -> throw unsupported(url);
            case DockerfileOption.StandardInput() ->
                throw new UsageException("-f - and the build context -: standard input cannot be both the Dockerfile"
                        + " and the build context; give one of them another place");
        };
    }

    private static UsageException unsupported(String url) {
        return new UsageException("-f " + url + ": a Dockerfile on a web server is not supported yet: download it");
    }

    private static IgnoreFile ignore(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return IgnoreFile.parse("");
        }
        return IgnoreFile.parse(new Source(file.toString(), Files.readString(file)));
    }
}
