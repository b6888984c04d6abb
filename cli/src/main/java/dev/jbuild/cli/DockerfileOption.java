package dev.jbuild.cli;

import java.util.Optional;

/// What `-f` says the Dockerfile is.
sealed interface DockerfileOption {
    /// Nothing was said: `Dockerfile` in the context.
    record Usual() implements DockerfileOption {}

    /// Standard input.
    record StandardInput() implements DockerfileOption {}

    /// A file on a web server.
    record Http(String url) implements DockerfileOption {}

    /// A path: on this machine if the context is a directory here or if it is absolute, else in the context.
    record File(String path) implements DockerfileOption {}

    static DockerfileOption of(Optional<String> text) {
        if (text.isEmpty() || text.get().isEmpty()) {
            return new Usual();
        }
        String file = text.get();
        if (file.equals("-")) {
            return new StandardInput();
        }
        return ContextOperand.isHttp(file) ? new Http(file) : new File(file);
    }
}
