package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.layerstore.oci.ImageReference;
import dev.jbuild.layerstore.oci.Platform;
import dev.jbuild.solver.graph.RemoteAddress;
import dev.jbuild.solver.plan.GitUrl;
import dev.jbuild.solver.plan.NamedContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Understands `--build-context NAME=SOURCE`.
final class NamedContexts {
    private static final String EXPECTED =
            "expected a directory, docker-image://NAME, oci-layout://DIR, or a Git or http(s) URL";

    private NamedContexts() {}

    /// @param options values by name, as written
    /// @param directory what relative paths are relative to
    static Map<String, NamedContext> parse(Map<String, String> options, Path directory) {
        Map<String, NamedContext> contexts = new LinkedHashMap<>();
        options.forEach((name, value) -> {
            String option = "--build-context " + name + "=" + RemoteAddress.shown(value);
            contexts.put(name(name, option), source(value, option, directory));
        });
        return contexts;
    }

    /// The name as images are looked up by: `docker.io/library/alpine:latest` and `alpine` are one.
    private static String name(String written, String option) {
        int cut = written.indexOf("::");
        String name = cut < 0 ? written : written.substring(0, cut);
        String platform = cut < 0 ? "" : written.substring(cut + 2);
        try {
            String familiar = ImageReference.parse(name).familiar();
            String shortest = familiar.endsWith(":latest")
                    ? familiar.substring(0, familiar.length() - ":latest".length())
                    : familiar;
            return cut < 0 ? shortest : shortest + "::" + Platform.parse(platform);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage());
        }
    }

    private static NamedContext source(String value, String option, Path directory) {
        if (value.isEmpty()) {
            throw new UsageException(option + ": nothing after the \"=\"; " + EXPECTED);
        }
        if (value.startsWith("docker-image://")) {
            String image = value.substring("docker-image://".length());
            return image.equals("scratch") ? new NamedContext.Scratch() : new NamedContext.Image(image(image, option));
        }
        if (value.startsWith("oci-layout://")) {
            return layout(value.substring("oci-layout://".length()), option, directory);
        }
        if (value.startsWith("target:")) {
            throw new UsageException(option + ": the result of another target is known only to a bake file; name"
                    + " the stage with --target, or export it and name the directory");
        }
        Optional<GitUrl> git = ContextOperand.git(value, option);
        if (git.isPresent()) {
            return new NamedContext.Git(git.get());
        }
        if (ContextOperand.isHttp(value)) {
            return new NamedContext.Http(RemoteInput.address(value));
        }
        if (ContextOperand.SCHEME.matcher(value).matches()) {
            throw new UsageException(option + ": " + EXPECTED);
        }
        Path path = directory.resolve(value);
        if (!Files.isDirectory(path)) {
            throw new UsageException(
                    option + ": " + path + (Files.exists(path) ? " is not a directory" : " does not exist"));
        }
        return new NamedContext.Directory(path);
    }

    private static String image(String reference, String option) {
        try {
            ImageReference.parse(reference);
            return reference;
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": " + e.getMessage());
        }
    }

    /// `DIR`, `DIR:TAG` or `DIR@DIGEST`; a directory whose name has such a sign in it wins.
    private static NamedContext layout(String text, String option, Path directory) {
        Path whole = directory.resolve(text);
        if (Files.isDirectory(whole)) {
            return new NamedContext.OciLayout(whole, "");
        }
        int at = text.lastIndexOf("@sha256:");
        int cut = at >= 0 ? at : text.lastIndexOf(':');
        if (cut <= 0 || text.indexOf('/', cut) >= 0) {
            throw new UsageException(option + ": there is no directory " + whole);
        }
        Path path = directory.resolve(text.substring(0, cut));
        if (!Files.isDirectory(path)) {
            throw new UsageException(option + ": there is no directory " + path);
        }
        return new NamedContext.OciLayout(path, text.substring(cut + 1));
    }
}
