package dev.jbuild.cli;

import dev.jbuild.solver.FetchedContext;
import dev.jbuild.solver.SolveRequest.Context;
import dev.jbuild.solver.context.NewestFile;
import dev.jbuild.solver.context.RootTree;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.graph.Op;
import dev.jbuild.solver.plan.ContextSource;
import dev.jbuild.solver.plan.NamedContext;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.plan.SourceDateEpoch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// `SOURCE_DATE_EPOCH=context`, or the name of another context, or of a stage that only fetches something: the time at
/// which a commit was made, a file on a web server was changed, or the newest file of an archive.
final class ContextTime {
    private final BuildSession session;
    private final BuildInputs inputs;

    ContextTime(BuildSession session, BuildInputs inputs) {
        this.session = session;
        this.inputs = inputs;
    }

    /// The request with a time in the place of a name.
    PlanRequest resolve(PlanRequest request) throws IOException, InterruptedException {
        String name = SourceDateEpoch.context(request);
        if (name == null) {
            return request;
        }
        boolean main = name.equals(PlanRequest.MAIN_CONTEXT);
        NamedContext named = inputs.contexts().get(name);
        if (!main && named == null) {
            named = SourceDateEpoch.stage(request, name);
        }
        if (!main && named == null) {
            return request;
        }
        Instant time = main || named == null ? ofMain() : of(named);
        if (time == null) {
            Steps.Step step = session.steps().start("[internal] resolve SOURCE_DATE_EPOCH=" + name);
            step.warn("SOURCE_DATE_EPOCH=" + name + " sets no time: the context is no commit, file on a web server or"
                    + " archive, and has none; give seconds since 1970");
            step.completed();
        }
        return SourceDateEpoch.with(request, time);
    }

    private @Nullable Instant ofMain() throws IOException, InterruptedException {
        ContextSource remote = inputs.remote();
        if (remote != null) {
            return of(remote);
        }
        return inputs.local().get(PlanRequest.MAIN_CONTEXT) instanceof Context.Unpacked(Path directory, String name)
                ? NewestFile.time(new RootTree(directory, name))
                : null;
    }

    private @Nullable Instant of(NamedContext context) throws IOException, InterruptedException {
        RemoteInput input = new RemoteInput(session);
        return switch (context) {
            case NamedContext.Git(var repository) -> of(input.source(repository, false));
            case NamedContext.Http(var url) -> of(input.source(url));
            case NamedContext.Directory _ -> null;
            case NamedContext.Image _ -> null;
            case NamedContext.OciLayout _ -> null;
            case NamedContext.Scratch _ -> null;
        };
    }

    private @Nullable Instant of(ContextSource source) throws IOException, InterruptedException {
        Op first = source.ops().getFirst();
        if (first instanceof Op.GitSource repository) {
            return session.remote().commitTime(repository);
        }
        if (first instanceof Op.HttpSource file && file.lastModified() != null) {
            return file.lastModified();
        }
        if (source.ops().size() == 1) {
            return null;
        }
        try (FetchedContext fetched = session.fetch(source)) {
            return NewestFile.time(fetched.tree());
        }
    }
}
