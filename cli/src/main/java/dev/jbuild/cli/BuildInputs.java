package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.ignore.IgnoreFile;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.SolveRequest.Context;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.ContextSource;
import dev.jbuild.solver.plan.GitUrl;
import dev.jbuild.solver.plan.NamedContext;
import dev.jbuild.solver.plan.PlanRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a build reads besides base images: the Dockerfile, the contexts and what they ignore.
///
/// @param remote the main context if it comes from elsewhere, else null
/// @param contexts what `--build-context` names
/// @param local the contexts that are directories, the main one too
record BuildInputs(
        Source dockerfile,
        @Nullable ContextSource remote,
        Map<String, NamedContext> contexts,
        Map<String, Context> local) {
    private static final String IGNORE_FILE = ".dockerignore";

    /// Reads what is to be read before there can be a plan. A main context that is no directory is brought here first.
    static BuildInputs read(BuildOptions options, BuildSession session) throws IOException, InterruptedException {
        Map<String, NamedContext> contexts = NamedContexts.parse(
                options.pairs("--build-context"), session.io().directory());
        MainContext main = main(options, session);
        Map<String, Context> local = new HashMap<>();
        ContextSource remote = null;
        switch (main) {
            case MainContext.Here(var _, Context files) -> local.put(PlanRequest.MAIN_CONTEXT, files);
            case MainContext.Elsewhere(var _, ContextSource files) -> remote = files;
        }
        for (Map.Entry<String, NamedContext> each : contexts.entrySet()) {
            if (each.getValue() instanceof NamedContext.Directory(Path path)) {
                local.put(each.getKey(), new Context.Local(path, ignore(path.resolve(IGNORE_FILE))));
            }
        }
        return new BuildInputs(main.dockerfile(), remote, contexts, local);
    }

    /// What of the main context is not to be seen, null where nothing can be left out.
    @Nullable
    IgnoreFile ignored() {
        return local.get(PlanRequest.MAIN_CONTEXT) instanceof Context.Local(Path _, IgnoreFile ignore) ? ignore : null;
    }

    private static MainContext main(BuildOptions options, BuildSession session)
            throws IOException, InterruptedException {
        DockerfileOption file = options.dockerfile();
        return switch (options.context()) {
            case ContextOperand.Directory(Path path) -> directory(path, file, session);
            case ContextOperand.StandardInput() -> StandardInput.context(file, session);
            case ContextOperand.Git(GitUrl repository) ->
                new RemoteInput(session).git(repository, keepGitDir(options), file);
            case ContextOperand.Http(RemoteAddress url) -> new RemoteInput(session).http(url, file);
        };
    }

    private static boolean keepGitDir(BuildOptions options) {
        String keep = options.buildArgs().getOrDefault("BUILDKIT_CONTEXT_KEEP_GIT_DIR", "");
        return List.of("1", "t", "T", "true", "TRUE", "True").contains(keep);
    }

    private static MainContext directory(Path context, DockerfileOption file, BuildSession session)
            throws IOException, InterruptedException {
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
                directory(context, StandardInput.open(session.io().in()).dockerfile());
            case DockerfileOption.Http(String url) ->
                directory(context, new RemoteInput(session).dockerfile(RemoteInput.address(url)));
        };
    }

    private static MainContext directory(Path context, Source dockerfile) throws IOException {
        return new MainContext.Here(dockerfile, new Context.Local(context, ignore(context.resolve(IGNORE_FILE))));
    }

    /// The Dockerfile's own ignore file, if it has one, else the context's.
    private static MainContext directory(Path context, Path dockerfile, BuildSession session) throws IOException {
        Source text = DockerfileText.file(dockerfile, session.io().directory());
        Path own = dockerfile.resolveSibling(dockerfile.getFileName() + IGNORE_FILE);
        Path ignore = Files.isRegularFile(own) ? own : context.resolve(IGNORE_FILE);
        return new MainContext.Here(text, new Context.Local(context, ignore(ignore)));
    }

    private static IgnoreFile ignore(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return IgnoreFile.parse("");
        }
        return IgnoreFile.parse(new Source(file.toString(), Files.readString(file)));
    }
}
