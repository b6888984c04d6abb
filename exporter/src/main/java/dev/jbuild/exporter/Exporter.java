package dev.jbuild.exporter;

import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.oci.Descriptor;
import dev.jbuild.layerstore.oci.Digest;
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
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Writes what a build made where the user wants it.
public final class Exporter {
    private final LayerStore store;
    private final Supplier<RegistryClient> registry;
    private final OutputStream stdout;
    private final ExportListener listener;

    private Exporter(
            LayerStore store, Supplier<RegistryClient> registry, OutputStream stdout, ExportListener listener) {
        this.store = store;
        this.registry = registry;
        this.stdout = stdout;
        this.listener = listener;
    }

    /// Says before the build what would fail after it: a missing directory, a binary stream to a terminal, two outputs
    /// in one place, an index for an output that has none.
    ///
    /// @param names what `-t` asks for
    /// @param index whether several platforms were asked for
    /// @throws ExportException if the outputs cannot be written
    public static void check(List<ExportSpec> specs, List<String> names, boolean index, boolean stdoutIsTerminal) {
        Set<Path> places = new HashSet<>();
        boolean toStdout = false;
        for (ExportSpec spec : specs) {
            Place place = Place.of(spec, index, names);
            if (place.path() != null
                    && !places.add(place.path().toAbsolutePath().normalize())) {
                throw ExportException.usage("two outputs go to " + place.path() + "; give each a place of its own");
            }
            if (place.stdout()) {
                if (toStdout) {
                    throw ExportException.usage("two outputs go to standard output; give one of them dest=FILE");
                }
                if (stdoutIsTerminal) {
                    throw ExportException.usage("refusing to write a type=" + spec.type()
                            + " archive to the terminal; use dest=FILE or redirect standard output");
                }
                toStdout = true;
            }
        }
    }

    /// The forms in which these outputs need the build's own layers, so that they can be made while the build runs.
    public static Set<LayerFormat> layerFormats(List<ExportSpec> specs, @Nullable Instant clock) {
        Set<LayerFormat> formats = new HashSet<>();
        for (ExportSpec spec : specs) {
            spec.imageOptions().ifPresent(options -> formats.add(options.layerFormat(clock)));
        }
        return formats;
    }

    /// Writes every output, in the order given. The first that fails ends the export; those before it stay.
    ///
    /// @param registry asked for the first time when something is pushed; the caller closes the client
    /// @param stdout where an output to `-` goes; it is flushed and not closed
    /// @throws ExportException if an output cannot be written
    /// @throws IOException if the result cannot be read, or a registry fails
    public static ExportResult export(
            ExportRequest request,
            List<ExportSpec> specs,
            LayerStore store,
            Supplier<RegistryClient> registry,
            OutputStream stdout,
            ExportListener listener)
            throws IOException, InterruptedException {
        Exporter exporter = new Exporter(store, registry, stdout, listener);
        ExportResult first = ExportResult.NONE;
        specs.forEach(spec -> Place.of(spec, request.index(), request.names()));
        for (ExportSpec spec : specs) {
            ExportResult result = exporter.export(request, spec);
            first = first.root() == null ? result : first;
        }
        return first;
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
        new Exporter(store, none, stdout, listener).archive(new ImageArchive(named, docker, null), destination);
    }

    /// Puts images of the local store into the registries that their names say.
    ///
    /// @throws IOException if an image is damaged, or a registry fails
    public static void push(
            List<StoredImage> images, LayerStore store, Supplier<RegistryClient> registry, ExportListener listener)
            throws IOException, InterruptedException {
        for (NamedImage named : StoredImage.read(images, false, store.content())) {
            new RegistryPush(registry.get(), store.content(), listener).push(named, false);
        }
    }

    private ExportResult export(ExportRequest request, ExportSpec spec) throws IOException, InterruptedException {
        return switch (spec) {
            case ExportSpec.Image image -> {
                NamedImage named = assemble(request, image.options());
                if (image.store()) {
                    keep(named, image.nameCanonical(), request.tagged());
                }
                push(named, image.push());
                yield result(named);
            }
            case ExportSpec.OciArchive oci -> {
                NamedImage named = assemble(request, oci.options());
                archive(new ImageArchive(List.of(named), false, request.clock()), oci.destination());
                yield result(named);
            }
            case ExportSpec.DockerArchive docker -> {
                // Docker's archives have one image and nothing beside it.
                NamedImage named = new NamedImage(
                        ImageAssembler.bare(request, docker.options(), store.content()),
                        request.namesFor(docker.options()));
                archive(new ImageArchive(List.of(named), true, request.clock()), docker.destination());
                yield result(named);
            }
            case ExportSpec.OciLayout layout -> {
                NamedImage named = assemble(request, layout.options());
                guarded(
                        layout.destination(),
                        () -> new LayoutDirectory(layout.destination())
                                .add(named, request.clock(), store.content(), listener));
                yield result(named);
            }
            case ExportSpec.Local local -> {
                try (RootFileSystems roots = RootFileSystems.mount(request, local.split())) {
                    guarded(
                            local.destination(),
                            () -> new LocalDirectory(local.destination(), local.mode())
                                    .write(roots.parts(), request.clock(), listener));
                }
                yield ExportResult.NONE;
            }
            case ExportSpec.Tar tar -> {
                try (RootFileSystems roots = RootFileSystems.mount(request, tar.split())) {
                    RootArchive archive = new RootArchive(roots.parts(), request.clock());
                    write(tar.destination(), archive::write);
                }
                yield ExportResult.NONE;
            }
            case ExportSpec.CacheOnly cache -> ExportResult.NONE;
        };
    }

    private NamedImage assemble(ExportRequest request, ImageOptions options) throws IOException, InterruptedException {
        return new NamedImage(ImageAssembler.assemble(request, options, store.content()), request.namesFor(options));
    }

    private void push(NamedImage named, ExportSpec.Push push) throws IOException, InterruptedException {
        switch (push) {
            case NO -> {}
            case TAGS -> new RegistryPush(registry.get(), store.content(), listener).push(named, false);
            case BY_DIGEST -> new RegistryPush(registry.get(), store.content(), listener).push(named, true);
        }
    }

    private void keep(NamedImage named, boolean canonical, Instant tagged) {
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
        if (names.isEmpty()) {
            names.add(image.root().digest().toString());
        } else if (canonical) {
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

    private static ExportResult result(NamedImage named) {
        Digest config = MediaType.isIndex(named.image().root().mediaType())
                ? null
                : named.image().platforms().getFirst().config().digest();
        return new ExportResult(named.image().root(), config, named.names());
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
        void run() throws IOException;
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
