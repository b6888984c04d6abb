package dev.jbuild.solver.plan;

import dev.jbuild.solver.graph.RemoteAddress;
import java.nio.file.Path;

/// What `--build-context NAME=…` stands for.
public sealed interface NamedContext {
    /// A directory on this machine, read in place.
    record Directory(Path path) implements NamedContext {}

    /// An image in a directory that holds an OCI image layout.
    ///
    /// @param reference a tag or a digest in the layout, empty for its only image
    record OciLayout(Path path, String reference) implements NamedContext {}

    /// An image in a registry.
    record Image(String reference) implements NamedContext {}

    /// The files of a git repository.
    record Git(GitUrl repository) implements NamedContext {}

    /// A file that comes by HTTP: a tar, compressed or not, or a Dockerfile.
    record Http(RemoteAddress url) implements NamedContext {}
}
