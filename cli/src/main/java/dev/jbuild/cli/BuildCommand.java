package dev.jbuild.cli;

import dev.jbuild.cli.attest.AttestOptions;
import dev.jbuild.cli.attest.Attestations;
import dev.jbuild.cli.attest.BuildFacts;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.FindingJson;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.UsageException;
import dev.jbuild.exporter.Annotation;
import dev.jbuild.exporter.ContainerEngines;
import dev.jbuild.exporter.ExportListener;
import dev.jbuild.exporter.ExportRequest;
import dev.jbuild.exporter.ExportResult;
import dev.jbuild.exporter.ExportSpec;
import dev.jbuild.exporter.Exporter;
import dev.jbuild.exporter.ImageTime;
import dev.jbuild.exporter.PlatformResult;
import dev.jbuild.exporter.attestation.Predicate;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.ImageConfig;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.layerstore.snapshot.LayerBlob;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import dev.jbuild.layerstore.snapshot.MountedView;
import dev.jbuild.parser.DockerfileParser;
import dev.jbuild.parser.ast.Dockerfile;
import dev.jbuild.parser.source.Diagnostic;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.Build;
import dev.jbuild.solver.SolveException;
import dev.jbuild.solver.SolveRequest;
import dev.jbuild.solver.SolveRequest.Context;
import dev.jbuild.solver.SolvedImage;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.plan.PlanRequest;
import dev.jbuild.solver.plan.SourceDateEpoch;
import dev.jbuild.solver.secret.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `jbuild build`: from a command line to images and files.
final class BuildCommand {
    private final BuildOptions options;
    private final Io io;
    private List<String> metadata = List.of();

    private BuildCommand(BuildOptions options, Io io) {
        this.options = options;
        this.io = io;
    }

    static ExitCode run(List<String> args, Io io) throws IOException, InterruptedException {
        Optional<BuildOptions> options = BuildOptions.parse(args, io);
        if (options.isEmpty()) {
            return ExitCode.OK;
        }
        options.get().warnings().forEach(warning -> io.err().print("WARNING: " + warning + "\n"));
        try (Interruption _ = Interruption.ofThisThread()) {
            Optional<Call> call = options.get().call();
            if (call.isPresent()) {
                return CallCommand.run(call.get(), options.get(), io);
            }
            new BuildCommand(options.get(), io).run();
        }
        return ExitCode.OK;
    }

    private void run() throws IOException, InterruptedException {
        ExportResult result;
        BuildSession session = new BuildSession(options, io);
        try (session) {
            result = run(session);
        } catch (SolveException e) {
            throw session.fullLog().map(e::logged).orElse(e);
        }
        io.out().flush();
        report(result, metadata);
    }

    private ExportResult run(BuildSession session) throws IOException, InterruptedException {
        Secrets secrets = session.secrets();
        BuildInputs inputs = BuildInputs.read(options, session);
        Map<String, String> buildArgs = options.buildArgs();
        Dockerfile dockerfile = DockerfileParser.parse(inputs.dockerfile(), buildArgs.get("BUILDKIT_SYNTAX"));
        boolean index = options.platforms().size() > 1 || isOn(buildArgs, "BUILDKIT_MULTI_PLATFORM");
        List<ExportSpec> outputs = options.outputs();
        List<String> tags = options.tags();
        AttestOptions attest = options.attestations();
        Instant started = io.clock().instant();
        if (options.freshness().offline() && outputs.stream().anyMatch(BuildCommand::pushes)) {
            throw new UsageException(
                    "--offline: nothing can be pushed; leave out the output to a registry, or --offline");
        }
        ContainerEngines engines = new ContainerEngines(io.environment());
        Exporter.check(outputs, tags, index, limits(inputs), engines);
        checkId(outputs);
        session.registries().insecure(Exporter.insecureRegistries(outputs, tags));

        PlanRequest plan = new ContextTime(session, inputs).resolve(options.plan(dockerfile, inputs));
        ImageTime time = time(plan);
        SolveRequest request = new SolveRequest(
                plan,
                inputs.local(),
                options.sandbox(),
                session.programs(),
                options.freshness(),
                options.jobs(),
                format(outputs, time),
                secrets,
                options.keeping("build"));
        LayerStore store = session.store();
        try (Build build = Build.run(request, store, session.registries(), io.clock(), session.steps())) {
            Attestations attestations =
                    new Attestations(attest, facts(request, inputs, session, time.epoch(), started), build);
            attestations.prepare();
            List<PlatformResult> results = build.images().stream()
                    .map(image -> result(image, attestations))
                    .toList();
            ExportRequest export = new ExportRequest(
                    results,
                    index,
                    tags,
                    time,
                    io.clock().instant(),
                    options.annotations().stream()
                            .flatMap(text -> Annotation.parse(text).stream())
                            .toList());
            ExportResult result = export(
                    build, export, outputs, store, new Exporter.Outlets(session.registries(), engines, io.out()));
            store.sync();
            metadata = metadata(build.warnings(), dockerfile.source(), attestations);
            return result;
        }
    }

    private Exporter.Limits limits(BuildInputs inputs) {
        List<Path> kept = new ArrayList<>();
        for (Context context : inputs.local().values()) {
            if (context instanceof Context.Local local) {
                kept.add(local.directory());
            }
        }
        kept.add(StoreLocation.of(io, options.root()));
        return new Exporter.Limits(io.terminal().output(), options.deletesAnywhere(), kept);
    }

    private static boolean pushes(ExportSpec output) {
        return output instanceof ExportSpec.Image image && image.push().wanted();
    }

    private static boolean isOn(Map<String, String> buildArgs, String name) {
        String value = buildArgs.getOrDefault(name, "");
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "", "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new UsageException("--build-arg " + name + "=" + value + ": expected true or false");
        };
    }

    private void checkId(List<ExportSpec> outputs) {
        boolean image =
                outputs.stream().anyMatch(output -> output.imageOptions().isPresent());
        if (!image && options.path("--iidfile").isPresent()) {
            throw new UsageException("--iidfile: no output is an image, so that there is no ID; add -o type=image");
        }
    }

    private ImageTime time(PlanRequest plan) {
        try {
            return options.wallClock()
                    ? new ImageTime.Now(io.clock().instant().truncatedTo(ChronoUnit.SECONDS))
                    : ImageTime.of(SourceDateEpoch.of(plan));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable LayerFormat format(List<ExportSpec> outputs, ImageTime time) {
        Set<LayerFormat> formats = Exporter.layerFormats(outputs, time);
        return formats.size() == 1 ? formats.iterator().next() : null;
    }

    private ExportResult export(
            Build build, ExportRequest request, List<ExportSpec> outputs, LayerStore store, Exporter.Outlets outlets)
            throws IOException, InterruptedException {
        String types = String.join(
                ", ", outputs.stream().map(ExportSpec::type).distinct().toList());
        Steps.Step step = build.step("exporting to " + types);
        try {
            ExportResult result = Exporter.export(request, outputs, store, outlets, new ExportListener() {
                @Override
                public void progress(String thing, long current, long total) {
                    step.progress(thing, current, total);
                }

                @Override
                public void warn(String message) {
                    step.warn(message);
                }
            });
            step.completed();
            return result;
        } catch (IOException | RuntimeException e) {
            step.failed(String.valueOf(e.getMessage()), false);
            throw e;
        } catch (InterruptedException e) {
            step.failed("canceled", true);
            throw e;
        }
    }

    /// What `--metadata-file` has besides the image.
    private List<String> metadata(List<Diagnostic> warnings, Source source, Attestations attestations)
            throws IOException, InterruptedException {
        if (options.path("--metadata-file").isEmpty()) {
            return List.of();
        }
        List<String> fields = new ArrayList<>(attestations.metadata(io.env("BUILDX_METADATA_PROVENANCE")));
        if (!warnings.isEmpty() && !"0".equals(io.env("BUILDX_METADATA_WARNINGS"))) {
            fields.add("\"buildx.build.warnings\": " + FindingJson.warnings(source, warnings));
        }
        return fields;
    }

    private void report(ExportResult result, List<String> metadata) throws IOException {
        Optional<Path> iidFile = options.path("--iidfile");
        if (iidFile.isPresent()) {
            Files.writeString(iidFile.get(), result.imageId());
        }
        Optional<Path> metadataFile = options.path("--metadata-file");
        if (metadataFile.isPresent()) {
            Files.writeString(metadataFile.get(), result.metadata(metadata));
        }
        if (options.quiet() && !result.imageId().isEmpty()) {
            io.out().println(result.imageId());
            io.out().flush();
        }
    }

    private BuildFacts facts(
            SolveRequest request, BuildInputs inputs, BuildSession session, @Nullable Instant clock, Instant started) {
        Optional<Path> directory = Optional.ofNullable(inputs.local().get(PlanRequest.MAIN_CONTEXT))
                .filter(Context.Local.class::isInstance)
                .map(files -> ((Context.Local) files).directory());
        Optional<String> dockerfile = switch (options.dockerfile()) {
            case DockerfileOption.Usual() -> Optional.empty();
            case DockerfileOption.StandardInput() -> Optional.of("-");
            case DockerfileOption.Http(String url) -> Optional.of(url);
            case DockerfileOption.File(String path) -> Optional.of(path.substring(path.lastIndexOf('/') + 1));
        };
        return new BuildFacts(
                request.plan(),
                directory,
                dockerfile,
                session.secrets(),
                session.programs(),
                io.environment(),
                clock,
                started,
                io.clock(),
                "jbuild-" + VersionCommand.VERSION,
                (other, contexts) -> Build.run(
                        request.forTelling(other, contexts),
                        session.store(),
                        session.registries(),
                        io.clock(),
                        session.steps()));
    }

    private static PlatformResult result(SolvedImage image, Attestations attestations) {
        return new PlatformResult() {
            @Override
            public Platform platform() {
                return image.platform();
            }

            @Override
            public ImageConfig config() {
                return image.config();
            }

            @Override
            public List<LayerBlob> layers(LayerFormat format) throws IOException, InterruptedException {
                return image.layers(format);
            }

            @Override
            public MountedView rootfs() throws InterruptedException {
                return image.rootfs();
            }

            @Override
            public List<Predicate> predicates(@Nullable LayerFormat format) throws IOException, InterruptedException {
                return attestations.of(image, format);
            }
        };
    }
}
