package dev.jbuild.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Compares with a file of `testdata`. With `-Djbuild.golden=write` the file is written instead, to be read over.
public final class Golden {
    private Golden() {}

    public static void check(String actual, Path expected) throws IOException {
        if ("write".equals(System.getProperty("jbuild.golden"))) {
            Files.writeString(expected, actual);
            return;
        }
        assertThat(actual).as("%s", expected).isEqualTo(Files.readString(expected));
    }
}
