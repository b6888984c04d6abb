package dev.jbuild.layerstore.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChallengeTest {
    @Test
    void readsTheChallengesOfAHeader() {
        assertThat(Challenge.parse(
                        List.of("Bearer realm=\"https://a/t\",service=\"s, \\\"x\\\"\", scope=\"r:a:pull,push\"")))
                .containsExactly(new Challenge(
                        "bearer", Map.of("realm", "https://a/t", "service", "s, \"x\"", "scope", "r:a:pull,push")));
        assertThat(Challenge.parse(List.of("Basic Realm=x, Bearer realm=\"y\"", "Negotiate")))
                .containsExactly(
                        new Challenge("basic", Map.of("realm", "x")),
                        new Challenge("bearer", Map.of("realm", "y")),
                        new Challenge("negotiate", Map.of()));
    }

    @Test
    void endsQuietlyAtWhatItCannotRead() {
        assertThat(Challenge.parse(List.of("", ",,,", "=\"", "Bearer realm=\"open", "\"" + "\\".repeat(100_000))))
                .extracting(Challenge::scheme)
                .containsExactly("bearer");
    }

    @Test
    void scopesAreMergedByResource() {
        assertThat(Scopes.pull("a")
                        .plus(List.of("repository:a:push,pull", "registry:catalog:*", ""))
                        .scopes())
                .containsExactly("registry:catalog:*", "repository:a:pull,push");
    }
}
