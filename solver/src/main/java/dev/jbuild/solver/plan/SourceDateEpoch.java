package dev.jbuild.solver.plan;

import dev.jbuild.parser.ast.Add;
import dev.jbuild.parser.ast.Arg;
import dev.jbuild.parser.ast.ArgDefinition;
import dev.jbuild.parser.ast.Stage;
import dev.jbuild.parser.source.DockerfileException;
import dev.jbuild.parser.source.Span;
import dev.jbuild.parser.word.WordException;
import dev.jbuild.parser.word.WordExpander;
import dev.jbuild.solver.graph.RemoteAddress;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The time that a build gives to what it makes: the build argument `SOURCE_DATE_EPOCH`, else the default of a
/// global `ARG SOURCE_DATE_EPOCH=…`. It may be that of a build context or of what a stage fetches, which whoever
/// reads the contexts looks up before a plan is made.
public final class SourceDateEpoch {
    private static final String NAME = "SOURCE_DATE_EPOCH";
    /// The end of the year 9999, after which no format that we write has dates.
    private static final long LAST = 253_402_300_799L;

    private SourceDateEpoch() {}

    /// The time, or null if none is set; one that is empty is not set.
    ///
    /// @throws DockerfileException if the Dockerfile's own default is none, with its place
    /// @throws IllegalArgumentException if the build argument is none
    public static @Nullable Instant of(PlanRequest request) {
        String given = request.buildArgs().get(NAME);
        if (given != null) {
            return instant(given, request);
        }
        ArgDefinition last = defaultOf(request);
        if (last == null || last.value() == null) {
            return null;
        }
        Span span = last.value().span();
        String value = value(request);
        try {
            return value == null ? null : instant(value, request);
        } catch (IllegalArgumentException e) {
            throw PlanErrors.at(
                    request.dockerfile().source(),
                    span,
                    String.valueOf(e.getMessage()),
                    "write a number, or pass --build-arg " + NAME + "=$(git log -1 --format=%ct)");
        }
    }

    /// The name of the build context or stage whose time is to be taken, null if no name is given.
    public static @Nullable String context(PlanRequest request) {
        String given = request.buildArgs().get(NAME);
        String value = given == null ? value(request) : given;
        return value == null || value.isEmpty() || !Character.isLetter(value.charAt(0)) ? null : value;
    }

    /// What the stage of this name fetches, if it is nothing but `FROM scratch` and one `ADD` of one URL or git
    /// repository; null if there is no such stage.
    public static NamedContext.@Nullable Remote stage(PlanRequest request, String name) {
        StageGraph stages = new StageGraph(request.dockerfile());
        OptionalInt found = stages.target(name);
        if (found.isEmpty()) {
            return null;
        }
        Stage stage = stages.stage(found.getAsInt());
        boolean alone = stage.from().image().text().equals("scratch")
                && stage.instructions().size() == 1;
        if (!alone
                || !(stage.instructions().getFirst() instanceof Add add)
                || add.sources().size() != 1) {
            return null;
        }
        // No argument is declared in such a stage.
        char escape = request.dockerfile().directives().escape();
        String source = new WordExpander(escape, _ -> null).expand(add.sources().getFirst());
        if (!RemoteTranslator.isRemote(source)) {
            return null;
        }
        return GitUrl.isGit(source)
                ? new NamedContext.Git(GitUrl.parse(source))
                : new NamedContext.Http(new RemoteAddress(source));
    }

    /// The same request with this time, or without any.
    public static PlanRequest with(PlanRequest request, @Nullable Instant time) {
        return request.withBuildArg(NAME, time == null ? "" : Long.toString(time.getEpochSecond()));
    }

    private static @Nullable String value(PlanRequest request) {
        if (defaultOf(request) == null) {
            return null;
        }
        try {
            return new BuildScope(request, request.platforms().getFirst(), "").global(NAME);
        } catch (WordException e) {
            throw e.in(request.dockerfile().source());
        }
    }

    private static @Nullable ArgDefinition defaultOf(PlanRequest request) {
        ArgDefinition last = null;
        for (Arg arg : request.dockerfile().globalArgs()) {
            for (ArgDefinition definition : arg.definitions()) {
                if (definition.name().text().equals(NAME)) {
                    last = definition;
                }
            }
        }
        return last;
    }

    private static @Nullable Instant instant(String value, PlanRequest request) {
        // The files of a directory have no one time, so that for a directory `context` sets none.
        if (value.isEmpty() || (value.equals("context") && request.context() == null)) {
            return null;
        }
        long seconds = -1;
        if (value.length() <= 18 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            seconds = Long.parseLong(value);
        } else if (Character.isLetter(value.charAt(0))) {
            String why = new StageGraph(request.dockerfile()).target(value).isPresent()
                    ? ": this stage has no time of its own, as one would that is FROM scratch and one ADD of a URL or a"
                            + " git repository"
                    : ": there is no build context and no stage of this name";
            throw new IllegalArgumentException(
                    NAME + "=" + value + why + "; expected seconds since 1970 or \"context\"");
        }
        if (seconds < 0 || seconds > LAST) {
            throw new IllegalArgumentException(NAME + "=" + value + ": expected seconds since 1970");
        }
        return Instant.ofEpochSecond(seconds);
    }
}
