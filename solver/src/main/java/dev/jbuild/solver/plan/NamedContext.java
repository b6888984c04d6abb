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

    /// Nothing, as `docker-image://scratch` says.
    record Scratch() implements NamedContext {}

    /// Files on another machine.
    sealed interface Remote extends NamedContext {}

    /// The files of a git repository.
    record Git(GitUrl repository) implements Remote {}

    /// One file that comes by HTTP. It is not unpacked, and its name is [ContextSource#FILE].
    record Http(RemoteAddress url) implements Remote {}
}
