package dev.jbuild.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// The folders below `testdata/dockerfiles`: an input, and what must come of it. With `-Djbuild.golden=write` the
/// second is written instead of compared; read the difference before you commit it.
public final class Golden {
    private static final Path ROOT =
            Path.of(Objects.requireNonNull(System.getProperty("jbuild.testdata"), "jbuild.testdata"), "dockerfiles");

    private Golden() {}

    /// The folder of the documentation, whose examples are tested too.
    public static Path docs() {
        return ROOT.resolve("../../docs").normalize();
    }

    public static List<Path> cases(String folder) throws IOException {
        try (Stream<Path> folders = Files.list(ROOT.resolve(folder))) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    public static void check(Path file, String actual) throws IOException {
        if ("write".equals(System.getProperty("jbuild.golden"))) {
            Files.writeString(file, actual);
        }
        assertThat(file).content().as("%s (see Golden)", file).isEqualTo(actual);
    }
}
