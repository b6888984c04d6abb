package dev.jbuild.cli.image;

import dev.jbuild.cli.command.Options;
import dev.jbuild.cli.command.StoreLocation;
import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.HumanText;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.template.Struct;
import dev.jbuild.layerstore.ImageStore;
import dev.jbuild.layerstore.LayerStore;
import dev.jbuild.layerstore.content.StoreException;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.OciFormatException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `jbuild images`: the images of the store, one line a name, the newest first.
public final class ImagesCommand {
    private static final Struct HEADINGS = Struct.builder()
            .with("Repository", "REPOSITORY")
            .with("Tag", "TAG")
            .with("Digest", "DIGEST")
            .with("ID", "IMAGE ID")
            .with("CreatedSince", "CREATED")
            .with("CreatedAt", "CREATED AT")
            .with("Size", "SIZE")
            .with("SharedSize", "SHARED SIZE")
            .with("UniqueSize", "UNIQUE SIZE")
            .with("Platforms", "PLATFORMS")
            .with("Containers", "CONTAINERS")
            .build();

    private static final Pattern PATTERN = Pattern.compile("[*?\\[]");

    private final LayerStore store;
    private final Io io;
    private final LayerSizes sizes;
    private final List<LocalImage> read = new ArrayList<>();

    private ImagesCommand(LayerStore store, Io io) {
        this.store = store;
        this.io = io;
        this.sizes = new LayerSizes(store);
    }

    static Options options() {
        return new Options(
                        "images",
                        "[OPTIONS] [REPOSITORY[:TAG]]",
                        "Lists the images of the local store, the newest first.",
                        "SIZE is that of the files in all layers. Of an image for several platforms it is that of this"
                                + " machine's, or of the first.")
                .flag("All images; which are all there are, for none is hidden.", "-a", "--all")
                .flag("Show digests.", "--digests")
                .flag("Show how much of each image others share.", "--sizes")
                .values(
                        "KEY=VALUE",
                        "Only images with dangling=true|false, reference=PATTERN, label=KEY[=VALUE], label!=KEY[=VALUE], before=IMAGE,"
                                + " since=IMAGE, until=AGE|DATE. All that are given have to hold.",
                        "-f",
                        "--filter")
                .value("FORMAT", Listing.HELP, "--format")
                .flag("Do not shorten IDs.", "--no-trunc")
                .flag("Print IDs only.", "-q", "--quiet")
                .operands("REPOSITORY[:TAG]", 0, 1, "Only images of this name, or of names like team/*:1.?.");
    }

    public static ExitCode run(List<String> args, Io io) throws OciFormatException, InterruptedException {
        Optional<Options.Parsed> parsed = options().parse(args, io);
        if (parsed.isEmpty()) {
            return ExitCode.OK;
        }
        Options.Parsed options = parsed.get();
        Predicate<ImageReference> named = named(options.operands());
        try (LayerStore store = StoreLocation.openToRead(io, options)) {
            new ImagesCommand(store, io).print(options, named);
        }
        return ExitCode.OK;
    }

    private void print(Options.Parsed options, Predicate<ImageReference> named) throws OciFormatException {
        List<ImageRow> rows = rows();
        ImageFilter filter = new ImageFilter(
                options.values("--filter"), List.of(), io.clock().instant(), this::created);
        rows.removeIf(row -> !named.test(row.name() == null ? NAMELESS : row.name()) || !filter.test(row.candidate()));
        boolean whole = options.has("--no-trunc");
        if (options.has("--quiet")) {
            Set<String> ids = new LinkedHashSet<>();
            rows.forEach(row -> ids.add(row.shownId(whole)));
            ids.forEach(id -> io.out().print(id + "\n"));
            return;
        }
        SharedSizes shared = new SharedSizes(read, sizes);
        List<Struct> structs =
                rows.stream().map(row -> struct(row, whole, shared)).toList();
        new Listing(columns(options), HEADINGS).print(options.value("--format"), structs, io);
    }

    private static String columns(Options.Parsed options) {
        return "{{.Repository}}\t{{.Tag}}\t"
                + (options.has("--digests") ? "{{.Digest}}\t" : "")
                + "{{.ID}}\t{{.CreatedSince}}\t{{.Size}}"
                + (options.has("--sizes") ? "\t{{.SharedSize}}\t{{.UniqueSize}}" : "");
    }

    /// A name without a tag means all of its tags.
    private static Predicate<ImageReference> named(List<String> operands) {
        if (operands.isEmpty()) {
            return name -> true;
        }
        String text = operands.getFirst();
        if (PATTERN.matcher(text).find()) {
            ImageFilter pattern =
                    new ImageFilter(List.of("reference=" + text), List.of(), Instant.EPOCH, name -> Optional.empty());
            return name -> pattern.test(new ImageFilter.Candidate(name, null, Map.of()));
        }
        ImageReference wanted = LocalImages.parse(text);
        boolean exact = text.indexOf(':', text.lastIndexOf('/') + 1) >= 0;
        return exact ? wanted::equals : name -> name.name().equals(wanted.name());
    }

    private List<ImageRow> rows() throws OciFormatException {
        List<ImageRow> rows = new ArrayList<>();
        for (ImageStore.Entry entry : store.images().list()) {
            try {
                LocalImage image = LocalImage.read(entry, store.content());
                read.add(image);
                rows.add(ImageRow.of(image, sizes));
            } catch (StoreException e) {
                // One damaged image must not hide the others.
                io.err().print("WARNING: image " + entry.name() + " cannot be read: " + e.getMessage() + "\n");
                rows.add(ImageRow.damaged(entry));
            }
        }
        rows.sort(Comparator.comparing(ImageRow::order)
                .reversed()
                .thenComparing(ImageRow::repository)
                .thenComparing(ImageRow::tag));
        return rows;
    }

    /// When the image of this name or ID was made.
    private Optional<Instant> created(String name) {
        try {
            return Optional.ofNullable(
                    ImageRow.of(new LocalImages(store).find(name), sizes).created());
        } catch (OciFormatException e) {
            throw new StoreException(StoreException.Kind.CORRUPT, "image " + name + ": " + e.getMessage());
        }
    }

    // No name that anybody can ask for.
    private static final ImageReference NAMELESS = new ImageReference("none", "none", "none", null);

    private Struct struct(ImageRow row, boolean whole, SharedSizes shared) {
        Instant created = row.created();
        return Struct.builder()
                .with("Containers", ImageRow.UNKNOWN)
                .with("CreatedAt", created == null ? ImageRow.UNKNOWN : HumanText.time(created))
                .with("CreatedSince", since(created))
                .with("Digest", row.digest().toString())
                .with("ID", row.shownId(whole))
                .with("Platforms", String.join(",", row.platforms()))
                .with("Repository", row.repository())
                .lazily("SharedSize", () -> size(row, shared, true))
                .with("Size", row.shownSize())
                .with("Tag", row.tag())
                .lazily("UniqueSize", () -> size(row, shared, false))
                .build();
    }

    private String size(ImageRow row, SharedSizes all, boolean shared) {
        Optional<LocalImage.ForPlatform> shown = read.stream()
                .filter(image -> image.root().digest().equals(row.digest()))
                .findFirst()
                .flatMap(LocalImage::shown);
        if (shown.isEmpty()) {
            return ImageRow.UNKNOWN;
        }
        long common = all.shared(shown.get());
        return HumanText.size(shared ? common : row.size() - common);
    }

    private String since(@Nullable Instant created) {
        return created == null
                ? ImageRow.UNKNOWN
                : HumanText.ago(Duration.between(created, io.clock().instant()));
    }
}
