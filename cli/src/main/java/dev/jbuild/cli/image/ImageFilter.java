package dev.jbuild.cli.image;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.parser.source.Suggestion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What `--filter` asks of images. Of several filters all have to hold; of several references one.
public final class ImageFilter {
    private static final List<String> KEYS =
            List.of("dangling", "before", "since", "reference", "label", "label!", "until");

    private final List<Predicate<Candidate>> all = new ArrayList<>();
    private final List<Pattern> references = new ArrayList<>();
    private final Instant now;
    private final Function<String, Optional<Instant>> created;

    /// An image as filters see it.
    ///
    /// @param created when it was made, as far as it says so
    public record Candidate(
            @Nullable ImageReference name, @Nullable Instant created, Map<String, String> labels) {
        public Candidate {
            labels = Map.copyOf(labels);
        }
    }

    /// Understands filters.
    ///
    /// @param keys those of the filters that the command knows; empty for all
    /// @param created when the image of a name was made, for `before` and `since`
    /// @throws UsageException if one is not understood
    public ImageFilter(
            List<String> filters, List<String> keys, Instant now, Function<String, Optional<Instant>> created) {
        this.now = now;
        this.created = created;
        for (String filter : filters) {
            int equals = filter.indexOf('=');
            if (equals < 1) {
                throw new UsageException("--filter " + filter + ": expected KEY=VALUE, such as dangling=true");
            }
            add(filter.substring(0, equals), filter.substring(equals + 1), keys.isEmpty() ? KEYS : keys);
        }
    }

    private void add(String key, String value, List<String> keys) {
        if (!keys.contains(key)) {
            String meant = Suggestion.didYouMean(key, keys);
            throw new UsageException("--filter: there is no filter \"" + key + "\"; "
                    + (meant == null ? "there are " + String.join(", ", keys) : meant));
        }
        switch (key) {
            case "dangling" -> {
                boolean dangling = truth(value);
                all.add(image -> (image.name() == null) == dangling);
            }
            case "before" -> {
                Instant limit = created.apply(value).orElse(Instant.MIN);
                all.add(image -> image.created() != null && image.created().isBefore(limit));
            }
            case "since" -> {
                Instant limit = created.apply(value).orElse(Instant.MAX);
                all.add(image -> image.created() != null && image.created().isAfter(limit));
            }
            case "until" -> {
                Instant limit = Moment.parse(value, now);
                all.add(image -> image.created() != null && image.created().isBefore(limit));
            }
            case "label" -> all.add(label(value));
            case "label!" -> all.add(label(value).negate());
            default -> references.add(glob(value));
        }
    }

    private static Predicate<Candidate> label(String value) {
        int equals = value.indexOf('=');
        if (equals < 0) {
            return image -> image.labels().containsKey(value);
        }
        String key = value.substring(0, equals);
        String wanted = value.substring(equals + 1);
        return image -> wanted.equals(image.labels().get(key));
    }

    private static boolean truth(String value) {
        return switch (value) {
            case "true", "1", "t", "T", "TRUE", "True" -> true;
            case "false", "0", "f", "F", "FALSE", "False" -> false;
            default -> throw new UsageException("--filter dangling=" + value + ": expected true or false");
        };
    }

    /// Whether the image is asked for.
    public boolean test(Candidate image) {
        return all.stream().allMatch(filter -> filter.test(image))
                && (references.isEmpty() || references.stream().anyMatch(pattern -> matches(pattern, image.name())));
    }

    /// A pattern may be of the name, with its tag or without.
    private static boolean matches(Pattern pattern, @Nullable ImageReference name) {
        return name != null
                && (pattern.matcher(name.familiar()).matches()
                        || pattern.matcher(name.familiarName()).matches());
    }

    /// `*`, `?` and `[a-z]`, none of which is a slash.
    private static Pattern glob(String text) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int close = c == '[' ? text.indexOf(']', i + 1) : -1;
            if (c == '*') {
                // Stars beside each other would only make the pattern slow.
                if (i == 0 || text.charAt(i - 1) != '*') {
                    regex.append("[^/]*");
                }
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (close > i + 1) {
                String inside =
                        text.substring(i + 1, close).replace("\\", "\\\\").replace("[", "\\[");
                regex.append('[').append(inside.replace("&&", "&")).append(']');
                i = close;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Pattern.compile(regex.toString());
        } catch (java.util.regex.PatternSyntaxException e) {
            throw new UsageException("--filter reference=" + text + ": not a pattern");
        }
    }
}
