package dev.jbuild.cli;

import dev.jbuild.cli.report.UsageException;
import dev.jbuild.parser.source.Source;
import dev.jbuild.solver.SolveRequest.Context;
import dev.jbuild.solver.context.RootTree;
import dev.jbuild.solver.event.Steps;
import dev.jbuild.solver.fetch.ContextArchive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Standard input, of which the first bytes were looked at.
///
/// @param archive whether it is an archive of a build context; else it is the text of a Dockerfile
/// @param stream from its beginning
record StandardInput(boolean archive, InputStream stream) {
    private static final String NAME = "standard input";
    private static final String DOCKERFILE = "<stdin>";
    private static final String CONTEXT = "the build context";

    static StandardInput open(InputStream in) throws IOException {
        byte[] start = in.readNBytes(ContextArchive.START);
        if (start.length == 0) {
            throw new UsageException(NAME + " is empty: pipe a Dockerfile or a tar archive of the build context into"
                    + " it, as in `tar -c . | jbuild build -`");
        }
        boolean archive = ContextArchive.isArchive(start);
        if (!archive) {
            refuseBinary(start);
        }
        return new StandardInput(archive, new SequenceInputStream(new ByteArrayInputStream(start), in));
    }

    private static void refuseBinary(byte[] start) {
        for (byte b : start) {
            if (b == 0) {
                throw new UsageException(NAME + " is neither a Dockerfile nor a tar archive, plain or compressed with"
                        + " gzip, bzip2, xz or zstd");
            }
        }
    }

    /// The Dockerfile of `-f -`.
    Source dockerfile() throws IOException {
        if (archive) {
            throw new UsageException(
                    "-f -: " + NAME + " is an archive, not a Dockerfile; a build context on it is" + " named by -");
        }
        return DockerfileText.stream(stream, DOCKERFILE);
    }

    /// The context of `jbuild build -`: what the archive holds, or nothing, if the Dockerfile is all there is.
    static MainContext context(DockerfileOption file, BuildSession session) throws IOException, InterruptedException {
        if (file instanceof DockerfileOption.StandardInput) {
            throw new UsageException("-f - and the build context -: " + NAME + " cannot be both the Dockerfile and the"
                    + " build context; give one of them another place");
        }
        StandardInput input = open(session.io().in());
        Path directory = session.store().newTempDir("context");
        // The permissions of a directory that is copied count; those of this one should not depend on the umask.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (!input.archive()) {
            if (!(file instanceof DockerfileOption.Usual)) {
                throw new UsageException("ambiguous Dockerfile: -f names one, and " + NAME
                        + " is one too, and no archive of the build context");
            }
            return new MainContext.Here(
                    input.dockerfile(),
                    new Context.Unpacked(directory, CONTEXT + ", which is empty: " + NAME + " was a Dockerfile"));
        }
        input.unpack(directory, session);
        Source text = switch (file) {
            case DockerfileOption.Usual() -> inArchive(directory, "");
            case DockerfileOption.File(String path) -> inArchive(directory, path);
            case DockerfileOption.Http(String url) -> new RemoteInput(session).dockerfile(RemoteInput.address(url));
            case DockerfileOption.StandardInput() -> input.dockerfile();
        };
        return new MainContext.Here(text, new Context.Unpacked(directory, CONTEXT));
    }

    private static Source inArchive(Path directory, String path) throws IOException {
        return DockerfileText.in(new RootTree(directory, CONTEXT), path, "the archive on " + NAME);
    }

    private void unpack(Path directory, BuildSession session) throws IOException {
        Steps.Step step = session.steps().start("[internal] load build context from " + NAME);
        try {
            ContextArchive.unpack(stream, directory, NAME);
            step.completed();
        } catch (IOException | RuntimeException e) {
            step.failed(String.valueOf(e.getMessage()), false);
            throw e;
        }
    }
}
