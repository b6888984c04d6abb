package dev.jbuild.solver.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathsTest {
    @ParameterizedTest(name = "{0} seen from {1} is {2}")
    @CsvSource({
        "a, /, /a",
        "a/b/, /base, /base/a/b",
        "/a, /base, /a",
        "., /base, /base",
        "'', /base, /base",
        "../x, /base, /x",
        "../../../x, /base, /x",
        "a//./b/../c, /, /a/c",
        "/, /base, /"
    })
    void absolute(String path, String base, String absolute) {
        assertThat(Paths.absolute(path, base)).isEqualTo(absolute);
    }

    @ParameterizedTest(name = "a copy to {0} goes to {1}")
    @CsvSource({
        "x, /base/x",
        "x/, /base/x/",
        "., /base/",
        "./, /base/",
        "'', /base/",
        ".., /",
        "/a/.., /",
        "/, /",
        "/a/b/., /a/b/"
    })
    void destination(String path, String destination) {
        assertThat(Paths.destination(path, "/base")).isEqualTo(destination);
    }
}
