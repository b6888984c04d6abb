package dev.jbuild.solver.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoaderVariablesTest {
    private static final List<String> COMMAND = List.of("/bin/make", "all");

    @Test
    void mostVariablesAreLeftAlone() {
        List<String> environment = List.of("PATH=/bin", "OLD_ENV=1", "LDFLAGS=-s", "TZ=UTC");

        assertThat(LoaderVariables.without(environment)).isEqualTo(environment);
        assertThat(LoaderVariables.setBefore(COMMAND, environment)).isEqualTo(COMMAND);
    }

    @Test
    void thoseOfLoadersAreSetByTheImagesOwnProgram() {
        List<String> environment = List.of(
                "LD_PRELOAD=/x.so", "PATH=/bin", "LD_LIBRARY_PATH=/a b", "BASH_FUNC_echo%%=() { id; }", "PWD=/y");

        assertThat(LoaderVariables.without(environment)).containsExactly("PATH=/bin");
        assertThat(LoaderVariables.setBefore(COMMAND, environment))
                .containsExactly(
                        "/usr/bin/env",
                        "LD_PRELOAD=/x.so",
                        "LD_LIBRARY_PATH=/a b",
                        "BASH_FUNC_echo%%=() { id; }",
                        "PWD=/y",
                        "/bin/make",
                        "all");
    }
}
