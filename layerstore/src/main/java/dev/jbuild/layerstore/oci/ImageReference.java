package dev.jbuild.layerstore.oci;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The name of an image in a registry, always spelled out in full: `docker.io/library/busybox:latest`.
///
/// A reference has a tag, a digest or both; with both, the digest decides and the tag is only told.
public record ImageReference(
        String registry,
        String repository,
        @Nullable String tag,
        @Nullable Digest digest) {
    /// The registry of names that do not say one.
    public static final String DEFAULT_REGISTRY = "docker.io";

    private static final String DEFAULT_NAMESPACE = "library/";
    private static final String DEFAULT_TAG = "latest";
    private static final int MAX_REPOSITORY = 255;
    private static final int MAX_TEXT = 1024;
    private static final Pattern REGISTRY = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
                    + "|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");
    private static final Pattern REPOSITORY =
            Pattern.compile("[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final Pattern HEX_64 = Pattern.compile("[0-9a-f]{64}");

    public ImageReference {
        if (registry.length() > MAX_REPOSITORY || !REGISTRY.matcher(registry).matches()) {
            throw new IllegalArgumentException(
                    "invalid registry name \"" + registry + "\": expected host or host:port");
        }
        if (repository.length() > MAX_REPOSITORY) {
            throw new IllegalArgumentException("repository name is longer than " + MAX_REPOSITORY + " characters: \""
                    + repository.substring(0, 40) + "…\"");
        }
        if (!REPOSITORY.matcher(repository).matches()) {
            throw new IllegalArgumentException("invalid repository name \"" + repository + "\": "
                    + (repository.equals(repository.toLowerCase(Locale.ROOT))
                            ? "expected lower-case letters and digits, separated by . _ __ - or /"
                            : "repository names are lower-case, try \"" + repository.toLowerCase(Locale.ROOT) + '"'));
        }
        if (tag != null && !TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException("invalid tag \"" + tag
                    + "\": expected at most 128 letters, digits, _ . - and neither . nor - at its start");
        }
        if (tag == null && digest == null) {
            tag = DEFAULT_TAG;
        }
    }

    /// Parses a name as people write it: `busybox`, `user/app:1.2`, `localhost:5000/app@sha256:…`.
    ///
    /// @throws IllegalArgumentException if it is not a name of an image; the message says why
    public static ImageReference parse(String text) {
        try {
            return parseParts(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "invalid image name \"" + (text.length() > 300 ? text.substring(0, 300) + '…' : text) + "\": "
                            + e.getMessage(),
                    e);
        }
    }

    private static ImageReference parseParts(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("it is empty");
        }
        if (text.length() > MAX_TEXT) {
            throw new IllegalArgumentException("it is longer than " + MAX_TEXT + " characters");
        }
        if (HEX_64.matcher(text).matches()) {
            throw new IllegalArgumentException("64 hexadecimal digits are an image ID, not a name");
        }
        int scheme = text.indexOf("://");
        if (scheme >= 0) {
            throw new IllegalArgumentException("leave out \"" + text.substring(0, scheme + 3) + '"');
        }
        String name = text;
        Digest digest = null;
        int at = name.indexOf('@');
        if (at >= 0) {
            digest = Digest.parse(name.substring(at + 1));
            name = name.substring(0, at);
        }
        String tag = null;
        int colon = name.lastIndexOf(':');
        // A colon before the last slash belongs to the registry's port.
        if (colon > name.lastIndexOf('/')) {
            tag = name.substring(colon + 1);
            name = name.substring(0, colon);
        }
        String registry = DEFAULT_REGISTRY;
        String repository = name;
        int slash = name.indexOf('/');
        if (slash >= 0 && namesRegistry(name.substring(0, slash))) {
            registry = name.substring(0, slash);
            repository = name.substring(slash + 1);
        }
        if (registry.equals("index.docker.io")) {
            registry = DEFAULT_REGISTRY;
        }
        if (registry.equals(DEFAULT_REGISTRY) && repository.indexOf('/') < 0) {
            repository = DEFAULT_NAMESPACE + repository;
        }
        return new ImageReference(registry, repository, tag, digest);
    }

    // Docker's rule: only a first part with a dot, a colon or a capital, or "localhost", can be a host.
    private static boolean namesRegistry(String first) {
        return first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
    }

    /// `registry/repository`, without tag and digest.
    public String name() {
        return registry + "/" + repository;
    }

    /// The same image by this digest; the tag stays as information.
    public ImageReference withDigest(Digest newDigest) {
        return new ImageReference(registry, repository, tag, newDigest);
    }

    /// The same repository by this tag alone.
    public ImageReference withTag(String newTag) {
        return new ImageReference(registry, repository, newTag, null);
    }

    /// The short spelling that Docker shows: `busybox:latest`, `user/app@sha256:…`.
    public String familiar() {
        return familiarName() + suffix();
    }

    /// The short spelling of the name alone: `busybox`.
    public String familiarName() {
        if (!registry.equals(DEFAULT_REGISTRY)) {
            return name();
        }
        boolean official =
                repository.startsWith(DEFAULT_NAMESPACE) && repository.indexOf('/', DEFAULT_NAMESPACE.length()) < 0;
        return official ? repository.substring(DEFAULT_NAMESPACE.length()) : repository;
    }

    private String suffix() {
        return (tag == null ? "" : ":" + tag) + (digest == null ? "" : "@" + digest);
    }

    @Override
    public String toString() {
        return name() + suffix();
    }
}
