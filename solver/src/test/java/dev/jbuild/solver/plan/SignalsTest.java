package dev.jbuild.solver.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"SIGTERM", "TERM", "sigquit", "9", "1", "64", "RTMIN+3", "SIGRTMAX-14"})
    void exist(String signal) {
        assertThat(Signals.exists(signal)).isTrue();
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(strings = {"", "SIG", "SIGNONE", "0", "65", "1000", "-9", "RTMIN+16", "RTMAX-15"})
    void doNotExist(String signal) {
        assertThat(Signals.exists(signal)).isFalse();
    }
}
