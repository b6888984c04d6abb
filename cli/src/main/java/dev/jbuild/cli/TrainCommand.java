package dev.jbuild.cli;

import dev.jbuild.cli.report.ExitCode;
import dev.jbuild.cli.report.Io;
import dev.jbuild.cli.report.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the launcher runs while the JVM records an AOT cache: real commands, one after the other, in one process.
///
/// A class that no command here touches is not in the cache and costs its full price on every start. The commands
/// need neither root nor any network but the loopback, write only into a temporary directory, and their outcome does
/// not matter: a build
/// that this machine cannot finish has still loaded most of its classes.
final class TrainCommand {

    static final String NAME = "__train";

    private static final String DOCKERFILE = """
            # syntax=docker/dockerfile:1
            ARG BASE=scratch
            FROM ${BASE} AS files
            ARG TARGETARCH
            WORKDIR /app
            COPY --chmod=0644 *.txt ./
            COPY <<EOF /app/config
            arch=${TARGETARCH:-none}
            EOF

            FROM files AS other
            ENV KEY="a value"
            LABEL org.opencontainers.image.title=training

            FROM files AS run
            RUN --mount=type=cache,target=/cache ["/app/missing"]

            FROM scratch
            COPY --from=files /app /app
            COPY --from=other /app/config /etc/
            USER 1000:1000
            EXPOSE 80/tcp
            ENTRYPOINT ["/app/run"]
            """;

    private TrainCommand() {}

    static ExitCode run(Io io) {
        try {
            Path scratch = Files.createTempDirectory("jbuild-training-");
            try {
                train(io, scratch);
            } finally {
                delete(scratch);
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the training files: " + e.getMessage(), e);
        }
    }

    private static void train(Io io, Path scratch) throws IOException {
        Path context = Files.createDirectory(scratch.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), DOCKERFILE);
        Files.writeString(context.resolve(".dockerignore"), "*.log\n!keep.log\n");
        Files.writeString(context.resolve("a.txt"), "a\n");
        Files.writeString(context.resolve("b.txt"), "b\n");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Io quiet = new Io(
                InputStream.nullInputStream(),
                nowhere,
                nowhere,
                Map.of(
                        "JBUILD_ROOT", scratch.resolve("root").toString(),
                        "HOME", scratch.toString(),
                        "PATH", io.environment().getOrDefault("PATH", "")),
                io.directory(),
                io.clock(),
                Terminal.none(),
                io.namespace());
        try (TrainingServer server = new TrainingServer()) {
            Path config = scratch.resolve(".config/jbuild/jbuild.toml");
            Files.createDirectories(config.getParent());
            Files.writeString(config, "[registry.\"%s\"]\ninsecure = true\n".formatted(server.host()));
            for (List<String> command : commands(scratch, context, server.host())) {
                Main.run(command.toArray(String[]::new), quiet);
            }
        }
    }

    /// The build runs twice: once to do the work, once to find everything done.
    private static List<List<String>> commands(Path scratch, Path context, String registry) {
        String image = scratch.resolve("image.tar").toString();
        String layout = scratch.resolve("layout").toString();
        List<String> build = List.of("build", "-o", "type=oci,dest=" + image, context.toString());
        return List.of(
                List.of("version"),
                List.of("--help"),
                build,
                build,
                List.of("build", "-t", "training", context.toString()),
                List.of(
                        "build",
                        "--progress=plain",
                        "-o",
                        scratch.resolve("out").toString(),
                        context.toString()),
                List.of("build", "--target=run", "--progress=plain", context.toString()),
                List.of("build", "--target=nowhere", context.toString()),
                List.of("build", "-t", "training", "-o", "type=oci,tar=false,dest=" + layout, context.toString()),
                List.of(
                        "build",
                        "--build-arg=BASE=base",
                        "--build-context=base=oci-layout://" + layout,
                        context.toString()),
                List.of("build", "--build-arg=BASE=" + registry + "/training", context.toString()),
                List.of("images"),
                List.of("history", "training"),
                List.of("inspect", "training"),
                List.of("du"));
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
