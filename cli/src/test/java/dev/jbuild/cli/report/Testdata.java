package dev.jbuild.cli.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The folder `testdata` of the project.
public final class Testdata {
    private Testdata() {}

    public static Path path(String name) {
        return Path.of(System.getProperty("jbuild.testdata"), name);
    }

    /// The cases in a folder, by name.
    public static List<Path> cases(String folder) {
        try (Stream<Path> children = Files.list(path(folder))) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
