package dev.jbuild.solver.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jbuild.solver.sandbox.Programs;
import dev.jbuild.solver.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoginsTest {
    private static Logins of(String... pairs) {
        Map<String, byte[]> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return new Logins(new Secrets(values, Map.of(), new Programs("")));
    }

    @Test
    void gitTakesTheHostsOwnFirst() {
        assertThat(of().git("example.com")).isNull();
        // x-access-token:abc
        assertThat(of("GIT_AUTH_TOKEN", "abc\n").git("example.com")).isEqualTo("Basic eC1hY2Nlc3MtdG9rZW46YWJj");
        assertThat(of("GIT_AUTH_TOKEN", "abc", "GIT_AUTH_HEADER", "bearer x").git("example.com"))
                .isEqualTo("bearer x");
        assertThat(of("GIT_AUTH_TOKEN.example.com", "abc", "GIT_AUTH_HEADER", "bearer x")
                        .git("example.com"))
                .isEqualTo("Basic eC1hY2Nlc3MtdG9rZW46YWJj");
        assertThat(of("GIT_AUTH_TOKEN.example.com", "abc").git("example.org")).isNull();
    }

    @Test
    void webTakesOnlyTheHostsOwn() {
        Logins logins = of("HTTP_AUTH_TOKEN_example.com:8080", "abc", "HTTP_AUTH_HEADER_example.org", "Basic x");
        assertThat(logins.web("example.com:8080")).isEqualTo("Bearer abc");
        assertThat(logins.web("example.com")).isNull();
        assertThat(logins.web("example.org")).isEqualTo("Basic x");
    }

    @Test
    void aHeaderIsOneLine() {
        assertThatThrownBy(() -> of("GIT_AUTH_TOKEN", "a\nb: c").git("h")).hasMessageContaining("more than one line");
    }
}
