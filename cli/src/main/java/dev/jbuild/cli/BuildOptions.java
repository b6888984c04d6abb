package dev.jbuild.cli;

import dev.jbuild.cli.attest.AttestOptions;
import dev.jbuild.cli.command.ConfigFile;
import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.Options.Parsed;
import dev.jbuild.cli.command.Registries;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.ProgressMode;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.exporter.ExportSpec;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.source.Suggestion;
import dev.jbuild.solver.SolveRequest;
import dev.jbuild.solver.fetch.Freshness;
import dev.jbuild.solver.graph.Network;
import dev.jbuild.solver.plan.BadPlatformException;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.plan.PlatformWords;
import dev.jbuild.solver.plan.RunSettings;
import dev.jbuild.solver.sandbox.Isolation;
import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.sandbox.SandboxSettings;
import dev.jbuild.solver.secret.Secrets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The command line of `jbuild build`, understood: docker buildx build's names and meanings.
final class BuildOptions {
    private static final String EPOCH = "SOURCE_DATE_EPOCH";

    // What buildx called --call before.
    private static final String OLD_CALL = "--print";

    private final Parsed parsed;
    private final Io io;

    private BuildOptions(Parsed parsed, Io io) {
        this.parsed = parsed;
        this.io = io;
    }

    static Optional<BuildOptions> parse(List<String> args, Io io) {
        Options options = new Options(
                        "build",
                        "[OPTIONS] PATH | URL | -",
                        "Builds an image, files or several images from a Dockerfile and the files in PATH.")
                .operands(
                        "PATH",
                        0,
                        1,
                        "The build context, whose files COPY and ADD see: a directory, a Git or http(s) URL, or - for standard"
                                + " input.");
        return add(options).parse(AttestOptions.withValues(args), io).map(parsed -> new BuildOptions(parsed, io));
    }

    /// The options of `jbuild shell` that say what to build, added to those that it has of its own.
    static Optional<BuildOptions> parse(Options shell, List<String> args, Io io) {
        return add(shell)
                .without(
                        "--tag",
                        "--target",
                        "--output",
                        "--push",
                        "--load",
                        "--source-date-epoch",
                        "--label",
                        "--annotation",
                        "--attest",
                        "--provenance",
                        "--sbom",
                        "--call",
                        "--check",
                        "--quiet",
                        "--iidfile",
                        "--metadata-file")
                .parse(args, io)
                .map(parsed -> new BuildOptions(parsed, io));
    }

    private static Options add(Options options) {
        Options inputs = options.value(
                        "FILE",
                        "The Dockerfile: a path, a URL, or - for standard input; by default PATH/Dockerfile.",
                        "-f",
                        "--file")
                .values("NAME", "A name for the image, name[:tag].", "-t", "--tag")
                .value("STAGE", "The build stage to build; by default the last one.", "--target")
                .values("NAME[=VALUE]", "A value for an ARG; without one, the environment's.", "--build-arg")
                .values(
                        "NAME=SOURCE",
                        "Another context: a directory, oci-layout://DIR[:TAG|@DIGEST], docker-image://NAME,"
                                + " or a Git or http(s) URL.",
                        "--build-context")
                .values("OS/ARCH", "Platforms to build for, separated by commas.", "--platform")
                .values(
                        "DIR|-|type=TYPE[,…]",
                        "Where the result goes: image, registry, oci, docker, local, tar or cacheonly.",
                        "-o",
                        "--output")
                .flag("Push the image to the registries that its names say.", "--push")
                .flag("Load the image into Docker, Podman or containerd, whichever is there.", "--load")
                .value(
                        "TIME",
                        "The image's time: seconds since 1970, context, or now; by default $SOURCE_DATE_EPOCH, else 0.",
                        "--source-date-epoch")
                .values("NAME=VALUE", "A label for the image.", "--label")
                .values("NOTE", "An annotation, [LEVEL:]NAME=VALUE.", "--annotation")
                .values(
                        "KEY=VALUE[,…]",
                        "Tell how the image was made: true, mode=min|max, version=v1|v0.2 and more.",
                        "--provenance")
                .values(
                        "KEY=VALUE[,…]",
                        "List the packages in the image: true, format=spdx|cyclonedx or generator=IMAGE.",
                        "--sbom")
                .values("type=TYPE[,…]", "The same as --provenance or --sbom, as type=provenance or sbom.", "--attest")
                .value("METHOD[,…]", "What to do with the Dockerfile: build, check, outline or targets.", "--call")
                .hidden(OLD_CALL)
                .flag("The same as --call=check: tell what is doubtful in the Dockerfile.", "--check")
                .flag("Use no results of earlier builds.", "--no-cache")
                .values("STAGE", "Use no results of earlier builds for these stages.", "--no-cache-filter")
                .values(
                        "id=ID[,src=FILE|,env=NAME]",
                        "A secret for RUN --mount=type=secret; by default the variable ID, else the file ID.",
                        "--secret")
                .values("FILE", "A file of lines NAME=VALUE, each a secret of that id.", "--secret-env-file")
                .values(
                        "ID[=SOCKET|=KEY[,KEY…]]",
                        "An ssh agent or keys for RUN --mount=type=ssh; by default the agent of $SSH_AUTH_SOCK.",
                        "--ssh");
        return Registries.declare(IdleFlags.declare(RunOptions.declare(FreshnessOptions.declare(inputs)))
                .value("MODE", "How RUN is kept apart: auto, oci, namespaces or chroot.", "--isolation")
                .value("N", "How many RUN processes may run at the same time.", "--jobs")
                .value("MODE", "auto, plain, tty, quiet, rawjson or none.", "--progress")
                .flag("Print nothing but the image's ID.", "-q", "--quiet")
                .value("FILE", "Write the image's ID to a file.", "--iidfile")
                .value("FILE", "Write what was built to a file, as JSON.", "--metadata-file")
                .flag(
                        "Keep what a failed RUN left until it is pruned, not only until the next build.",
                        "--keep-failed"));
    }

    /// What somebody has to know who gave flags that do nothing.
    List<String> warnings() {
        return IdleFlags.warnings(parsed);
    }

    boolean debug() {
        return parsed.has("--debug");
    }

    /// What to do instead of building, if anything.
    Optional<Call> call() {
        Optional<Call> call =
                parsed.value("--call").or(() -> parsed.value(OLD_CALL)).map(Call::parse);
        if (!parsed.has("--check")) {
            return call.filter(given -> given.method() != Call.Method.BUILD);
        }
        if (call.isPresent() && call.get().method() != Call.Method.CHECK) {
            throw new UsageException("--check and --call=" + call.get().method().word() + " cannot be used together");
        }
        return call.isPresent() ? call : Optional.of(Call.CHECK);
    }

    Optional<String> root() {
        return parsed.value("--root");
    }

    boolean quiet() {
        return parsed.has("--quiet");
    }

    ProgressMode progress() {
        if (quiet()) {
            return ProgressMode.QUIET;
        }
        return ProgressMode.of(parsed.value("--progress"), io);
    }

    /// What the build context is.
    ContextOperand context() {
        if (parsed.operands().isEmpty()) {
            throw new UsageException("jbuild build needs a PATH, for example: jbuild build .");
        }
        return ContextOperand.of(parsed.operands().getFirst(), io.directory());
    }

    /// The command line itself.
    Parsed parsed() {
        return parsed;
    }

    /// What is kept of a RUN that fails. Builds of one context, Dockerfile and target are the same build.
    ///
    /// @param command the jbuild command that builds
    SolveRequest.Keeping keeping(String command) {
        String operand = parsed.operands().getFirst();
        String context = context() instanceof ContextOperand.Directory(Path path)
                ? path.toAbsolutePath().normalize().toString()
                : operand;
        String build = String.join(
                "\n",
                command,
                context,
                parsed.value("--file").orElse(""),
                parsed.value("--target").orElse(""));
        String root = root().map(given -> "--root=" + quoted(given) + " ").orElse("");
        return new SolveRequest.Keeping(build, parsed.has("--keep-failed"), "jbuild shell " + root + "--failed");
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:@%+=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /// What the Dockerfile is.
    DockerfileOption dockerfile() {
        return DockerfileOption.of(parsed.value("--file"));
    }

    Optional<Path> path(String option) {
        return parsed.value(option).map(io.directory()::resolve);
    }

    List<String> tags() {
        parsed.values("--tag").forEach(tag -> {
            ImageReference reference = checked("--tag", tag, ImageReference::parse);
            if (reference.digest() != null) {
                throw new UsageException("--tag " + tag + ": a name to give has no digest");
            }
        });
        return parsed.values("--tag");
    }

    @Nullable
    String target() {
        return parsed.value("--target").orElse(null);
    }

    Map<String, String> buildArgs() {
        Map<String, String> args = new LinkedHashMap<>();
        String epoch = io.env(EPOCH);
        if (epoch != null) {
            args.put(EPOCH, epoch);
        }
        for (String arg : parsed.values("--build-arg")) {
            int equals = arg.indexOf('=');
            String name = equals < 0 ? arg : arg.substring(0, equals);
            String value = equals < 0 ? io.environment().get(arg) : arg.substring(equals + 1);
            if (name.isEmpty()) {
                throw new UsageException("--build-arg " + arg + ": no name before the \"=\"");
            }
            if (value != null) {
                args.put(name, value);
            }
        }
        Optional<String> time = parsed.value("--source-date-epoch");
        if (wallClock()) {
            // An argument that is another one each time would keep no RUN that declares it in the cache.
            args.put(EPOCH, "");
        } else if (time.isPresent()) {
            args.put(EPOCH, time.get());
        }
        return args;
    }

    /// Whether the image gets the time at which it is built.
    boolean wallClock() {
        return parsed.value("--source-date-epoch").filter("now"::equals).isPresent();
    }

    /// What the Dockerfile is asked for.
    PlanRequest plan(Dockerfile dockerfile, BuildInputs inputs) {
        return new PlanRequest(
                dockerfile,
                target(),
                buildArgs(),
                platforms(),
                Platform.host(),
                inputs.remote(),
                inputs.contexts(),
                inputs.ignored(),
                pairs("--label"),
                runSettings(),
                noCache(),
                noCacheStages());
    }

    /// `name=value` options, the last of each name.
    Map<String, String> pairs(String option) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : parsed.values(option)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new UsageException(option + " " + pair + ": expected NAME=VALUE");
            }
            pairs.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return pairs;
    }

    /// What is to be told of the images.
    AttestOptions attestations() {
        return AttestOptions.parse(parsed.values("--attest"), parsed.values("--provenance"), parsed.values("--sbom"));
    }

    List<String> annotations() {
        return parsed.values("--annotation");
    }

    List<Platform> platforms() {
        List<String> texts = new ArrayList<>();
        parsed.values("--platform").forEach(list -> texts.addAll(Arrays.asList(list.split(","))));
        String fallback = io.env("DOCKER_DEFAULT_PLATFORM");
        if (texts.isEmpty() && fallback != null) {
            texts.add(fallback);
        }
        Set<Platform> platforms = new LinkedHashSet<>();
        for (String text : texts) {
            String trimmed = text.trim();
            platforms.add(trimmed.equals("local") ? Platform.host() : platform(trimmed));
        }
        return platforms.isEmpty() ? List.of(Platform.host()) : List.copyOf(platforms);
    }

    private static Platform platform(String text) {
        try {
            return PlatformWords.parse(text);
        } catch (BadPlatformException e) {
            throw new UsageException("--platform " + text + ": " + e.getMessage());
        }
    }

    List<ExportSpec> outputs() {
        List<ExportSpec> outputs =
                parsed.values("--output").stream().map(ExportSpec::parse).toList();
        return ExportSpec.with(outputs, parsed.has("--push"), parsed.has("--load"));
    }

    boolean noCache() {
        if (parsed.has("--no-cache") && parsed.has("--no-cache-filter")) {
            throw new UsageException("--no-cache and --no-cache-filter cannot be used together");
        }
        return parsed.has("--no-cache");
    }

    Set<String> noCacheStages() {
        Set<String> stages = new LinkedHashSet<>();
        parsed.values("--no-cache-filter")
                .forEach(list -> stages.addAll(
                        Arrays.asList(list.toLowerCase(Locale.ROOT).split(","))));
        return stages;
    }

    Freshness freshness() {
        return FreshnessOptions.read(parsed, io);
    }

    private RunSettings runSettings() {
        return new RunOptions(parsed).settings(word("--network", "default", Network::valueOf, Network.values()));
    }

    /// What `--secret`, `--secret-env-file` and `--ssh` give.
    Secrets secrets(Programs programs) {
        SecretOptions given = new SecretOptions(io);
        parsed.values("--secret-env-file").forEach(given::file);
        parsed.values("--secret").forEach(given::secret);
        parsed.values("--ssh").forEach(given::agent);
        return given.read(programs);
    }

    boolean deletesAnywhere() {
        return new RunOptions(parsed).deletesAnywhere();
    }

    SandboxSettings sandbox() {
        RunOptions run = new RunOptions(parsed);
        return new SandboxSettings(isolation(), run.resources(), run.measured(), ConfigFile.nameServers(parsed, io));
    }

    private Isolation isolation() {
        return word("--isolation", "auto", Isolation::valueOf, Isolation.values());
    }

    int jobs() {
        String text = parsed.value("--jobs").orElse("64");
        try {
            int jobs = Integer.parseInt(text);
            if (jobs >= 1) {
                return jobs;
            }
        } catch (NumberFormatException e) {
            throw new UsageException("--jobs " + text + ": expected a number");
        }
        throw new UsageException("--jobs " + text + ": at least 1");
    }

    private <E extends Enum<E>> E word(String option, String fallback, Function<String, E> parse, E[] words) {
        String text = parsed.value(option).orElse(fallback);
        List<String> names = Arrays.stream(words)
                .map(word -> word.name().toLowerCase(Locale.ROOT))
                .toList();
        if (!names.contains(text)) {
            String hint = Suggestion.didYouMean(text, names);
            throw new UsageException(
                    option + " " + text + ": expected " + String.join(", ", names) + (hint == null ? "" : "; " + hint));
        }
        return parse.apply(text.toUpperCase(Locale.ROOT));
    }

    private static <T> T checked(String option, String text, Function<String, T> parse) {
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + " " + text + ": " + e.getMessage());
        }
    }
}
