package dev.jbuild.exporter;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.MediaType;
import dev.jbuild.layerstore.registry.RegistryClient;
import dev.jbuild.layerstore.snapshot.LayerFormat;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes what a build made where the user wants it.
public final class Exporter {
    private final LayerStore store;
    private final Outlets outlets;
    private final ExportListener listener;

    private Exporter(LayerStore store, Outlets outlets, ExportListener listener) {
        this.store = store;
        this.outlets = outlets;
        this.listener = listener;
    }

    /// What outputs need besides files.
    ///
    /// @param registry asked for the first time when something is pushed; the caller closes the client
    /// @param stdout where an output to `-` goes; it is flushed and not closed
    public record Outlets(Supplier<RegistryClient> registry, ContainerEngines engines, OutputStream stdout) {}

    /// What an output must not do.
    ///
    /// @param stdoutIsTerminal whether standard output can take no archive
    /// @param deletesAnywhere whether `mode=delete` may empty a directory that is not below the current one
    /// @param kept directories that it never empties, nor what holds them
    public record Limits(boolean stdoutIsTerminal, boolean deletesAnywhere, List<Path> kept) {
        public Limits {
            kept = List.copyOf(kept);
        }
    }

    /// Says before the build what would fail after it: a missing directory, a binary stream to a terminal, two outputs
    /// in one place, an index for an output that has none, a container engine that does not answer, or a
    /// directory that is not to be emptied.
    ///
    /// @param names what `-t` asks for
    /// @param index whether several platforms were asked for
    /// @throws ExportException if the outputs cannot be written
    public static void check(
            List<ExportSpec> specs, List<String> names, boolean index, Limits limits, ContainerEngines engines)
            throws InterruptedException {
        Set<Path> places = new HashSet<>();
        boolean toStdout = false;
        for (ExportSpec spec : specs) {
            Place place = Place.of(spec, index, names);
            if (spec instanceof ExportSpec.DockerLoad load) {
                engines.choose(load.context());
            }
            if (spec instanceof ExportSpec.Local local) {
                LocalDirectory.checkDeletion(local.destination(), local.mode(), limits);
            }
            if (place.path() != null
                    && !places.add(place.path().toAbsolutePath().normalize())) {
                throw ExportException.usage("two outputs go to " + place.path() + "; give each a place of its own");
            }
            if (place.stdout()) {
                if (toStdout) {
                    throw ExportException.usage("two outputs go to standard output; give one of them dest=FILE");
                }
                if (limits.stdoutIsTerminal()) {
                    throw ExportException.usage("refusing to write a type=" + spec.type()
                            + " archive to the terminal; use dest=FILE or redirect standard output");
                }
                toStdout = true;
            }
        }
    }

    /// The forms in which these outputs need the build's own layers, so that they can be made while the build runs.
    public static Set<LayerFormat> layerFormats(List<ExportSpec> specs, ImageTime time) {
        Set<LayerFormat> formats = new HashSet<>();
        for (ExportSpec spec : specs) {
            spec.imageOptions().ifPresent(options -> formats.add(options.layerFormat(time)));
        }
        return formats;
    }

    /// The registries that outputs push to and that may have any certificate, or none.
    public static Set<String> insecureRegistries(List<ExportSpec> specs, List<String> names) {
        Set<String> hosts = new HashSet<>();
        for (ExportSpec spec : specs) {
            if (spec instanceof ExportSpec.Image image && image.push().insecure()) {
                List<String> pushed = names.isEmpty() ? image.options().names() : names;
                pushed.forEach(name -> hosts.add(ImageReference.parse(name).registry()));
            }
        }
        return hosts;
    }

    /// Writes every output, all at the same time. The first that fails ends the export; those that are complete stay.
    ///
    /// @throws ExportException if an output cannot be written
    /// @throws IOException if the result cannot be read, or a registry fails
    public static ExportResult export(
            ExportRequest request, List<ExportSpec> specs, LayerStore store, Outlets outlets, ExportListener listener)
            throws IOException, InterruptedException {
        Exporter exporter = new Exporter(store, outlets, new OneAtATime(listener));
        specs.forEach(spec -> Place.of(spec, request.index(), request.names()));
        specs.forEach(spec -> IdleOptions.of(spec, request).forEach(listener::warn));
        if (specs.size() == 1) {
            return ExportResult.of(List.of(exporter.export(request, specs.getFirst())));
        }
        List<Callable<ExportResult.Output>> tasks = new ArrayList<>();
        specs.forEach(spec -> tasks.add(() -> exporter.export(request, spec)));
        return ExportResult.of(Parallel.all(tasks));
    }

    /// Outputs that are written at the same time speak in turn.
    private record OneAtATime(ExportListener listener) implements ExportListener {
        @Override
        public synchronized void progress(String thing, long current, long total) {
            listener.progress(thing, current, total);
        }

        @Override
        public synchronized void warn(String message) {
            listener.warn(message);
        }
    }

    /// Writes images of the local store as one archive.
    ///
    /// @param docker whether `docker load` shall read it; of an index it then holds the image for this machine's
    ///     platform, or the only one
    /// @throws ExportException if the archive cannot be written
    public static void save(
            List<StoredImage> images,
            boolean docker,
            Destination destination,
            LayerStore store,
            OutputStream stdout,
            ExportListener listener)
            throws IOException, InterruptedException {
        List<NamedImage> named = StoredImage.read(images, docker, store.content());
        Supplier<RegistryClient> none = () -> {
            throw new IllegalStateException("an archive needs no registry");
        };
        Outlets outlets = new Outlets(none, new ContainerEngines(Map.of()), stdout);
        new Exporter(store, outlets, listener).archive(new ImageArchive(named, docker, null), destination);
    }

    /// Puts images of the local store into the registries that their names say.
    ///
    /// @throws IOException if an image is damaged, or a registry fails
    public static void push(
            List<StoredImage> images, LayerStore store, Supplier<RegistryClient> registry, ExportListener listener)
            throws IOException, InterruptedException {
        for (NamedImage named : StoredImage.read(images, false, store.content())) {
            new RegistryPush(registry.get(), store, listener).push(named, false);
        }
    }

    private ExportResult.Output export(ExportRequest request, ExportSpec spec)
            throws IOException, InterruptedException {
        return switch (spec) {
            case ExportSpec.Image image -> {
                NamedImage named = assemble(request, image.options());
                if (image.store()) {
                    keep(named, image.naming(), request.tagged());
                }
                if (image.push().wanted()) {
                    new RegistryPush(outlets.registry().get(), store, listener)
                            .push(named, image.push().byDigest());
                }
                yield result(spec, image.options(), named);
            }
            case ExportSpec.OciArchive oci -> {
                NamedImage named = assemble(request, oci.options());
                archive(new ImageArchive(List.of(named), false, created(oci.options(), request)), oci.destination());
                yield result(spec, oci.options(), named);
            }
            case ExportSpec.DockerArchive docker -> {
                NamedImage named = bare(request, docker.options());
                archive(
                        new ImageArchive(List.of(named), true, created(docker.options(), request)),
                        docker.destination());
                yield result(spec, docker.options(), named);
            }
            case ExportSpec.DockerLoad load -> {
                NamedImage named = bare(request, load.options());
                ImageArchive archive = new ImageArchive(List.of(named), true, created(load.options(), request));
                ContainerEngine engine = outlets.engines().choose(load.context());
                guarded(null, () -> engine.load(out -> archive.write(out, store.content(), listener)));
                yield result(spec, load.options(), named);
            }
            case ExportSpec.OciLayout layout -> {
                NamedImage named = assemble(request, layout.options());
                guarded(
                        layout.destination(),
                        () -> new LayoutDirectory(layout.destination())
                                .add(named, created(layout.options(), request), store.content(), listener));
                yield result(spec, layout.options(), named);
            }
            case ExportSpec.Local local -> {
                try (RootFileSystems roots = RootFileSystems.mount(request, local.split(), local.attestationPrefix())) {
                    guarded(
                            local.destination(),
                            () -> new LocalDirectory(local.destination(), local.mode())
                                    .write(roots.parts(), request.time().epoch(), listener));
                }
                yield ExportResult.Output.of(spec);
            }
            case ExportSpec.Tar tar -> {
                try (RootFileSystems roots = RootFileSystems.mount(request, tar.split(), tar.attestationPrefix())) {
                    RootArchive archive =
                            new RootArchive(roots.parts(), request.time().epoch());
                    write(tar.destination(), archive::write);
                }
                yield ExportResult.Output.of(spec);
            }
            case ExportSpec.CacheOnly cache -> ExportResult.Output.of(spec);
        };
    }

    private NamedImage assemble(ExportRequest request, ImageOptions options) throws IOException, InterruptedException {
        return new NamedImage(ImageAssembler.assemble(request, options, store.content()), request.namesFor(options));
    }

    // Docker's archives have one image and nothing beside it.
    private NamedImage bare(ExportRequest request, ImageOptions options) throws IOException, InterruptedException {
        return new NamedImage(ImageAssembler.bare(request, options, store.content()), request.namesFor(options));
    }

    // What an archive says of when it was made, which it does not unless somebody said so.
    private static @Nullable Instant created(ImageOptions options, ExportRequest request) {
        return options.time(request.time()).epoch();
    }

    private void keep(NamedImage named, ExportSpec.Naming naming, Instant tagged) {
        AssembledImage image = named.image();
        for (Descriptor blob : image.blobs().values()) {
            byte[] document = image.documents().get(blob.digest());
            if (document != null) {
                store.content().put(blob.mediaType(), document);
            }
        }
        for (PlatformImage platform : image.platforms()) {
            store.places().put(platform.config().digest(), platform.places());
        }
        List<String> names = new ArrayList<>(named.names());
        String prefix = naming.danglingPrefix();
        if (prefix != null && (names.isEmpty() || !naming.danglingOnlyIfUnnamed())) {
            names.add(prefix + "@" + image.root().digest());
        } else if (names.isEmpty()) {
            names.add(image.root().digest().toString());
        }
        if (naming.canonical()) {
            for (String name : named.names()) {
                names.add(ImageReference.parse(name).name() + "@" + image.root().digest());
            }
        }
        for (String name : names) {
            // A file that says the same already is left alone: that is the usual case when nothing changed.
            if (!store.images().get(name).filter(image.root()::equals).isPresent()) {
                store.images().put(name, image.root(), tagged);
            }
        }
    }

    private static ExportResult.Output result(ExportSpec spec, ImageOptions options, NamedImage named) {
        boolean noConfig = MediaType.isIndex(named.image().root().mediaType()) || options.preferImageDigest();
        AssembledImage image = named.image();
        return ExportResult.Output.of(spec)
                .with(
                        image.root(),
                        noConfig ? null : image.platforms().getFirst().config().digest(),
                        named.names());
    }

    private void archive(ImageArchive archive, Destination destination) throws InterruptedException {
        write(destination, out -> archive.write(out, store.content(), listener));
    }

    /// Something that writes an archive.
    @FunctionalInterface
    interface Writing {
        void write(WritableByteChannel out) throws IOException;
    }

    void write(Destination destination, Writing writing) throws InterruptedException {
        switch (destination) {
            case Destination.File file ->
                guarded(file.path(), () -> {
                    try (OutputFile output = OutputFile.create(file.path())) {
                        writing.write(output.channel());
                        output.commit();
                    }
                });
            case Destination.Stdout out ->
                guarded(null, () -> {
                    OutputStream stdout = outlets.stdout();
                    stdout.flush();
                    writing.write(
                            stdout instanceof FileOutputStream file ? file.getChannel() : Channels.newChannel(stdout));
                    stdout.flush();
                });
        }
    }

    /// Something that writes to a destination.
    @FunctionalInterface
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    // What fails inside is the destination's fault, and an interrupt is one whatever the exception.
    private void guarded(@Nullable Path destination, Step step) throws InterruptedException {
        try {
            step.run();
        } catch (ClosedByInterruptException | FileLockInterruptionException | InterruptedIOException e) {
            Thread.interrupted();
            InterruptedException interrupted = new InterruptedException("interrupted while writing an output");
            interrupted.initCause(e);
            throw interrupted;
        } catch (IOException e) {
            throw destination == null ? ExportException.ofStdout(e) : ExportException.of(e, destination);
        }
    }
}
